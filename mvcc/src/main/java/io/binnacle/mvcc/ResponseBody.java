package io.binnacle.mvcc;

import io.binnacle.base.Bytes;

/**
 * The encoded fields of a response message after its header (field 1), whose total length is known before the first
 * byte. For one thread at a time. Close it when done or given up: it may pin a view.
 */
public sealed interface ResponseBody extends AutoCloseable permits ResponseBody.Whole, RangeBody {

    /** A body without a byte. */
    static ResponseBody empty() {
        return new Whole(Bytes.EMPTY);
    }

    /** Bytes of the whole body. */
    long lengthBytes();

    /** The next piece, 1 to {@code maxBytes} bytes; empty when all is given out. */
    Bytes next(int maxBytes);

    /** Gives back what it holds. Safe to repeat. */
    @Override
    void close();

    /** A body that is there already; hot callers take {@code bytes} and need not close. */
    final class Whole implements ResponseBody {
        private final Bytes bytes;
        private int given;

        /** A body of these bytes. */
        public Whole(Bytes bytes) {
            this.bytes = bytes;
        }

        /** All of it. */
        public Bytes bytes() {
            return bytes;
        }

        @Override
        public long lengthBytes() {
            return bytes.length();
        }

        @Override
        public Bytes next(int maxBytes) {
            int from = given;
            given = Math.min(bytes.length(), from + maxBytes);
            return bytes.slice(from, given);
        }

        @Override
        public void close() {}
    }
}
