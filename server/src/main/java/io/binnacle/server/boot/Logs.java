package io.binnacle.server.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** Sets up the process's log: JSON lines on standard error or standard output. */
final class Logs {

    /** Marks an event as the last before the process ends. */
    static final Marker FATAL = MarkerFactory.getMarker("FATAL");

    private Logs() {}

    /**
     * Replaces whatever was set up by these outputs and this level.
     *
     * @return null, or that the level is unknown, in which case nothing was changed
     */
    static @Nullable String setUp(String level, List<String> outputs) {
        Level threshold = levelOf(level);
        if (threshold == null) return "unrecognized level: \"" + level + "\"";
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(threshold);
        for (String output : outputs) {
            JsonLines encoder = new JsonLines();
            encoder.setContext(context);
            encoder.start();
            ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
            appender.setContext(context);
            appender.setTarget(output.equals("stdout") ? "System.out" : "System.err");
            appender.setEncoder(encoder);
            appender.start();
            root.addAppender(appender);
        }
        // Netty's own chatter is none of an operator's business below a warning.
        context.getLogger("io.netty").setLevel(threshold.isGreaterOrEqual(Level.WARN) ? threshold : Level.WARN);
        return null;
    }

    private static @Nullable Level levelOf(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "debug" -> Level.DEBUG;
            case "info", "" -> Level.INFO;
            case "warn" -> Level.WARN;
            case "error", "dpanic", "panic", "fatal" -> Level.ERROR;
            default -> null;
        };
    }
}
