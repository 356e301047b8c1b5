package io.binnacle.server.boot;

import java.util.List;

/** The configuration cannot be used: reported as a log line {@code failed to verify flags}, exit code 1. */
final class ConfigError extends Exception {
    private static final long serialVersionUID = 1L;

    private final String variable;

    ConfigError(String message) {
        super(message);
        this.variable = "";
    }

    private ConfigError(String message, String variable) {
        super(message);
        this.variable = variable;
    }

    static ConfigError shadowed(String variable) {
        return new ConfigError("conflicting environment variable is shadowed by corresponding command-line flag "
                + "(either unset environment variable or disable flag))", variable);
    }

    static ConfigError unsupported(String flag) {
        return new ConfigError("--" + flag + " is not supported by this release of Binnacle: leave it out, or see docs/compat.md");
    }

    static ConfigError stray(List<String> words) {
        return new ConfigError("\"" + words.getFirst() + "\" is not a valid flag");
    }

    /** The variable that stands beside its flag; empty in all other cases. */
    String variable() {
        return variable;
    }
}
