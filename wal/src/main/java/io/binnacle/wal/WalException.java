package io.binnacle.wal;

import java.io.IOException;

/** A log that cannot be read or opened as asked; the message names file and offset, and what etcd would call it. */
public final class WalException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** A record's or a segment's checksum does not fit. */
        CRC_MISMATCH,
        /** A segment ends within a frame, or its last record is torn: in the last segment this can be repaired. */
        UNEXPECTED_END,
        /** A frame whose content is no record. */
        MALFORMED,
        /** A record of a type that nobody knows. */
        UNKNOWN_RECORD,
        /** Entries are missing between two records. */
        GAP,
        /** Segments disagree on whose log this is. */
        METADATA_CONFLICT,
        /** The log has a snapshot of the wanted index with another term. */
        SNAPSHOT_MISMATCH,
        /** The log has no record of the wanted snapshot. */
        SNAPSHOT_NOT_FOUND,
        /** No segment reaches back to the wanted index, or one in between is gone. */
        MISSING_SEGMENT,
        /** Another process holds a segment. */
        LOCKED,
        /** There is a log already where one should be made. */
        EXISTS,
        /** A write or sync failed before; nothing can be written any more. */
        FAILED
    }

    private final Kind kind;

    WalException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
