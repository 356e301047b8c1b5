package io.binnacle.server.boot;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The types of flag values, each reading one word as Go's {@code flag} package and etcd's own types do (shared
 * contract: server.md §1.2, §1.3). A reader throws {@link Invalid} with the reason that etcd gives.
 */
enum FlagValue {
    /** Any text. */
    TEXT {
        @Override
        Object read(String word) {
            return word;
        }
    },
    /** 1 0 t f T F true false TRUE FALSE True False. */
    BOOL {
        @Override
        Object read(String word) throws Invalid {
            if (TRUE_WORDS.contains(word)) return true;
            if (FALSE_WORDS.contains(word)) return false;
            throw new Invalid("parse error");
        }
    },
    /** A signed 64-bit number. */
    INT {
        @Override
        Object read(String word) throws Invalid {
            return GoNumbers.signed(word);
        }
    },
    /** An unsigned 64-bit number; those above {@link Long#MAX_VALUE} read as that. */
    UINT {
        @Override
        Object read(String word) throws Invalid {
            return GoNumbers.unsigned(word);
        }
    },
    /** An unsigned 32-bit number, with texts of its own. */
    UINT32 {
        @Override
        Object read(String word) throws Invalid {
            return GoNumbers.unsigned32(word);
        }
    },
    /** A Go duration, in nanoseconds. */
    DURATION {
        @Override
        Object read(String word) throws Invalid {
            return GoNumbers.durationNanos(word);
        }
    },
    /** A comma-separated list of URLs, sorted and without repetition. */
    URLS {
        @Override
        Object read(String word) throws Invalid {
            if (word.isEmpty()) return List.of();
            TreeSet<String> urls = new TreeSet<>();
            for (String url : word.split(",", -1)) urls.add(checkedUrl(url.strip()));
            return List.copyOf(urls);
        }
    },
    /** A comma-separated list of texts, sorted and without repetition. */
    TEXTS {
        @Override
        Object read(String word) {
            return List.copyOf(new TreeSet<>(Arrays.asList(word.split(",", -1))));
        }
    },
    /** new or existing. */
    CLUSTER_STATE {
        @Override
        Object read(String word) throws Invalid {
            if (!word.equals("new") && !word.equals("existing")) throw new Invalid("invalid value");
            return word;
        }
    },
    /** Words of the removal of the version 2 store, separated by commas. */
    V2_STAGES {
        @Override
        Object read(String word) throws Invalid {
            for (String stage : word.split(",", -1)) {
                if (!List.of("write-only", "write-only-skip-check", "write-only-drop-data", "gone").contains(stage)) {
                    throw new Invalid("invalid value \"" + stage + "\"");
                }
            }
            return word;
        }
    },
    /** exit or proxy. */
    FALLBACK {
        @Override
        Object read(String word) throws Invalid {
            if (!word.equals("exit") && !word.equals("proxy")) throw new Invalid("invalid value");
            return word;
        }
    },
    /** URLs, or an asterisk for all. */
    ORIGINS {
        @Override
        Object read(String word) throws Invalid {
            if (word.equals("*")) return List.of(word);
            TreeSet<String> urls = new TreeSet<>();
            for (String url : word.split(",", -1)) urls.add(checkedUrl(url.strip()));
            return List.copyOf(urls);
        }
    },
    /** Feature gates, {@code Name=bool} separated by commas. */
    GATES {
        @Override
        Object read(String word) throws Invalid {
            for (String item : word.split(",", -1)) {
                String gate = item.strip();
                if (gate.isEmpty()) continue;
                int equals = gate.indexOf('=');
                String name = equals < 0 ? gate : gate.substring(0, equals).strip();
                if (equals < 0) throw new Invalid("missing bool value for " + name);
                String value = gate.substring(equals + 1).strip();
                if (!TRUE_WORDS.contains(value) && !FALSE_WORDS.contains(value)) {
                    throw new Invalid("invalid value of " + gate + ", err: strconv.ParseBool: parsing \"" + value
                            + "\": invalid syntax");
                }
                if (!GATE_NAMES.contains(name)) throw new Invalid("unrecognized feature gate: " + name);
            }
            return word;
        }
    },
    /** Boolean-like, accepted and without effect. */
    IGNORED {
        @Override
        Object read(String word) {
            return word;
        }
    };

    /** The word is no value of the type; the message is the reason. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String reason) {
            super(reason);
        }
    }

    /** The value that the word stands for: String, Boolean, Long or List of String. */
    abstract Object read(String word) throws Invalid;

    /** Whether the flag may stand without a value, and then means true. */
    boolean isBoolean() {
        return this == BOOL || this == IGNORED;
    }

    private static final List<String> TRUE_WORDS = List.of("1", "t", "T", "true", "TRUE", "True");
    private static final List<String> FALSE_WORDS = List.of("0", "f", "F", "false", "FALSE", "False");
    /** Shared contract: conformance/feature-gates.tsv. */
    private static final List<String> GATE_NAMES = List.of("AllAlpha", "AllBeta", "CompactHashCheck", "FastLeaseKeepAlive",
            "InitialCorruptCheck", "LeaseCheckpoint", "LeaseCheckpointPersist", "PriorityRequest", "SetMemberLocalAddr",
            "StopGRPCServiceOnDefrag", "TxnModeWriteWithSharedBuffer");
    private static final List<String> SCHEMES = List.of("http", "https", "unix", "unixs");

    /** Checks one URL by etcd's rules and gives it back as it will be printed. */
    static String checkedUrl(String text) throws Invalid {
        if (text.startsWith("://")) throw new Invalid("parse \"" + text + "\": missing protocol scheme");
        URI uri = parse(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || !text.contains("://")) {
            throw new Invalid("URL scheme must be http, https, unix, or unixs: " + text);
        }
        if (scheme.startsWith("unix")) return text;
        String authority = uri.getRawAuthority();
        if (authority == null || (!authority.matches(".*:\\d+") && !authority.endsWith(":"))) {
            throw new Invalid("URL address does not have the form \"host:port\": " + text);
        }
        if (uri.getRawPath() != null && !uri.getRawPath().isEmpty()) {
            throw new Invalid("URL must not contain a path: " + text);
        }
        return text;
    }

    private static URI parse(String text) throws Invalid {
        int authority = text.indexOf("://") + 3;
        if (authority >= 3) {
            int end = text.indexOf('/', authority);
            String host = end < 0 ? text.substring(authority) : text.substring(authority, end);
            int port = host.lastIndexOf(':');
            if (port >= 0 && host.indexOf(']') < port && !host.substring(port + 1).matches("\\d*")) {
                throw new Invalid("parse \"" + text + "\": invalid port \"" + host.substring(port) + "\" after host");
            }
            if (host.indexOf(' ') >= 0) {
                throw new Invalid("parse \"" + text + "\": invalid character \" \" in host name");
            }
            if (host.startsWith(":")) return URI.create(text.substring(0, authority) + "0.0.0.0" + text.substring(authority));
        }
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw new Invalid("parse \"" + text + "\": " + malformed.getReason());
        }
    }
}
