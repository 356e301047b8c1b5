package io.binnacle.server.apply;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version of etcd's server, cluster or storage. Only major and minor are ever compared. */
public record SemVer(long major, long minor, long patch) {

    /** What this program says it is wherever etcd says its version. */
    public static final SemVer SERVER = new SemVer(3, 7, 3);

    private static final Pattern FULL = Pattern.compile(
            "(?<major>[0-9]+)\\.(?<minor>[0-9]+)\\.(?<patch>[0-9]+)(-[0-9A-Za-z.-]*)?(\\+[0-9A-Za-z.-]*)?");
    private static final Pattern SHORT = Pattern.compile("(?<major>[0-9]+)\\.(?<minor>[0-9]+)");

    /**
     * Reads {@code X.Y} or {@code X.Y.Z}, the latter with a pre-release or build after it, which is dropped; null if the
     * text is neither or a number has more than 63 bits. Takes what etcd takes: leading zeros, and empty suffixes.
     */
    public static @Nullable SemVer parse(String text) {
        Matcher full = FULL.matcher(text);
        boolean hasPatch = full.matches();
        Matcher match = hasPatch ? full : SHORT.matcher(text);
        if (!hasPatch && !match.matches()) return null;
        try {
            return new SemVer(Long.parseLong(match.group("major")), Long.parseLong(match.group("minor")),
                    hasPatch ? Long.parseLong(match.group("patch")) : 0);
        } catch (NumberFormatException tooLong) {
            return null; // as documented
        }
    }

    /** The same version with patch 0. */
    public SemVer minorOnly() {
        return new SemVer(major, minor, 0);
    }

    /** The version one minor below; the caller knows that there is one. */
    public SemVer oneMinorBelow() {
        return new SemVer(major, minor - 1, 0);
    }

    /** Whether major and minor lie below the other's. */
    public boolean isBelow(SemVer other) {
        return major != other.major ? major < other.major : minor < other.minor;
    }

    /** Whether major and minor equal the other's. */
    public boolean isSameMinor(SemVer other) {
        return major == other.major && minor == other.minor;
    }

    /** {@code X.Y}. */
    public String majorMinor() {
        return major + "." + minor;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
