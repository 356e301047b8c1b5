package io.binnacle.wal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name of a log file: {@code %016x-%016x.wal}.
 *
 * @param sequence grows by one from segment to segment
 * @param index the first entry that may be in it: the last saved one's index + 1 when it was begun
 */
record SegmentName(long sequence, long index) {

    private static final int HEX = 16;
    static final String SUFFIX = ".wal";

    @Override
    public String toString() {
        return hex(sequence) + "-" + hex(index) + SUFFIX;
    }

    static String hex(long number) {
        String digits = Long.toHexString(number);
        return "0".repeat(HEX - digits.length()) + digits;
    }

    /** The parsed name, or null for any other file. */
    static @Nullable SegmentName parse(String name) {
        if (name.length() != HEX + 1 + HEX + SUFFIX.length() || !name.endsWith(SUFFIX) || name.charAt(HEX) != '-') {
            return null;
        }
        try {
            return new SegmentName(Long.parseUnsignedLong(name, 0, HEX, 16),
                    Long.parseUnsignedLong(name, HEX + 1, HEX + 1 + HEX, 16));
        } catch (NumberFormatException _) {
            return null; // a foreign name that happens to have the shape: ignored like any other
        }
    }

    /** The segments among the names of a directory, which are sorted. */
    static List<SegmentName> among(List<String> names) {
        List<SegmentName> segments = new ArrayList<>();
        for (String name : names) {
            SegmentName segment = parse(name);
            if (segment != null) segments.add(segment);
        }
        return segments;
    }
}
