package io.binnacle.bolt;

import org.jspecify.annotations.Nullable;

/**
 * A bolt file that cannot be opened, read or written. Unchecked, because nobody below the agent that owns the file
 * can go on: whoever gets one stops, or gives up opening.
 */
public final class BoltException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** Neither meta page starts with bbolt's magic, or the file is too short to hold them: {@code invalid database}. */
        INVALID_DATABASE("invalid database"),
        /** The meta pages have another format version: {@code version mismatch}. */
        VERSION_MISMATCH("version mismatch"),
        /** The meta pages are damaged: {@code checksum error}. */
        CHECKSUM_ERROR("checksum error"),
        /** A page breaks the format; the message names it. */
        CORRUPT_PAGE("corrupt page"),
        /** The file ends before the last page that its meta counts. */
        TRUNCATED("truncated"),
        /** Another process holds the file. */
        LOCKED("locked"),
        /** The disk failed. After a failed commit the file refuses everything with this. */
        DISK_FAILED("disk failed"),
        /** The file was closed. */
        CLOSED("closed");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in messages; for the first three bbolt's own. */
        public String text() {
            return text;
        }
    }

    private final Kind kind;

    BoltException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static BoltException of(Kind kind) {
        return new BoltException(kind, kind.text(), null);
    }

    static BoltException corrupt(long page, String what) {
        return new BoltException(Kind.CORRUPT_PAGE, "page " + page + ": " + what, null);
    }

    static BoltException disk(String doing, Throwable cause) {
        return new BoltException(Kind.DISK_FAILED, doing + ": " + cause.getMessage(), cause);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}
