package io.binnacle.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log line has the shape that etcd's readers expect (server.md §5.1). */
class JsonLinesTest {

    @Test
    void aLineHoldsLevelTimeCallerMessageAndThenTheFieldsInTheirOrder() throws Exception {
        String line = line("io.binnacle.server.boot.X", log -> log.atWarn().addKeyValue("b", 1).addKeyValue("a", "x\"<y")
                .addKeyValue("list", List.of("u", "v")).addKeyValue("yes", true).log("hello"));

        assertThat(line).endsWith("}\n").hasLineCount(1);
        JsonNode json = JsonMapper.builder().build().readTree(line);
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactly("level", "ts", "caller", "msg", "b", "a", "list", "yes");
        assertThat(json.get("level").asText()).isEqualTo("warn");
        assertThat(json.get("ts").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}(Z|[+-]\\d{4})");
        assertThat(json.get("caller").asText()).matches("boot/JsonLinesTest\\.java:\\d+");
        assertThat(json.get("a").asText()).isEqualTo("x\"<y");
        assertThat(line).contains("\"b\":1,\"a\":\"x\\\"\\u003cy\",\"list\":[\"u\",\"v\"],\"yes\":true}");
    }

    @Test
    void theFatalMarkerMakesTheLevelFatal() throws Exception {
        String line = line("io.binnacle.server.boot.X", log -> log.atError().addMarker(Logs.FATAL).log("the end"));

        assertThat(line).startsWith("{\"level\":\"fatal\",\"ts\":");
    }

    @Test
    void aLoggerThatIsNoClassOfOursIsNamedBeforeTheCaller() throws Exception {
        String line = line("raft", log -> log.info("became leader"));

        assertThat(line).matches("(?s)\\{\"level\":\"info\",\"ts\":\"[^\"]+\",\"logger\":\"raft\",\"caller\":\"[^\"]+\",\"msg\":\"became leader\"}\n");
    }

    @Test
    void aCauseComesLastAsStackTrace() throws Exception {
        String line = line("io.binnacle.server.boot.X",
                log -> log.atError().setCause(new IllegalStateException("why")).addKeyValue("f", "g").log("failed"));

        assertThat(line).contains("\"f\":\"g\",\"stacktrace\":\"java.lang.IllegalStateException: why\\n");
    }

    private static String line(String name, Consumer<Logger> event) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        StringBuilder lines = new StringBuilder();
        JsonLines encoder = new JsonLines();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent logged) { // encoded while the caller is still on the stack
                lines.append(new String(encoder.encode(logged), StandardCharsets.UTF_8));
            }
        };
        appender.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        try {
            event.accept(logger);
            return lines.toString();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
    }
}
