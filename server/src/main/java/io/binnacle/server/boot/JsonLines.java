package io.binnacle.server.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.binnacle.server.apply.GoJson;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line, shaped like etcd's: {@code level}, {@code ts}, {@code logger} (of the few that have a name),
 * {@code caller}, {@code msg}, then the event's fields in their order (shared contract: server.md §5.1).
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {

    /** Loggers of our own classes carry the class name; only short names are shown. */
    private static final String OWN_PREFIX = "io.binnacle.";

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSXX").withZone(ZoneId.systemDefault());

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256).append("{\"level\":\"").append(levelOf(event)).append("\",\"ts\":\"");
        TIMESTAMP.formatTo(event.getInstant(), line);
        line.append('"');
        String logger = event.getLoggerName();
        if (!logger.startsWith(OWN_PREFIX)) GoJson.quote(line.append(",\"logger\":"), logger);
        line.append(",\"caller\":\"").append(callerOf(event)).append('"');
        GoJson.quote(line.append(",\"msg\":"), event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                GoJson.quote(line.append(','), pair.key).append(':');
                append(line, pair.value);
            }
        }
        if (event.getThrowableProxy() != null) {
            GoJson.quote(line.append(",\"stacktrace\":"), ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A marker carries etcd's level {@code fatal}, which SLF4J does not have. */
    private static String levelOf(ILoggingEvent event) {
        if (event.getMarkerList() != null && event.getMarkerList().contains(Logs.FATAL)) return "fatal";
        return event.getLevel() == Level.TRACE ? "debug" : event.getLevel().toString().toLowerCase(Locale.ROOT);
    }

    private static String callerOf(ILoggingEvent event) {
        if (!event.hasCallerData() && event.getCallerData().length == 0) return "unknown:0";
        StackTraceElement caller = event.getCallerData()[0];
        String name = caller.getClassName();
        int dot = name.lastIndexOf('.');
        String packageName = dot < 0 ? "" : name.substring(name.lastIndexOf('.', dot - 1) + 1, dot);
        return packageName + "/" + caller.getFileName() + ":" + caller.getLineNumber();
    }

    private static void append(StringBuilder line, Object value) {
        switch (value) {
            case null -> line.append("null");
            case Boolean bool -> line.append(bool);
            case Number number -> line.append(number);
            case Collection<?> many -> {
                line.append('[');
                String separator = "";
                for (Object one : many) {
                    append(line.append(separator), one);
                    separator = ",";
                }
                line.append(']');
            }
            default -> GoJson.quote(line, value.toString());
        }
    }
}
