package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * etcd's RangeRequest. Revisions are bounds on the pairs to answer; 0 is no bound.
 *
 * @param key the first key
 * @param rangeEnd the end, exclusive; empty for the one key, a single zero byte for all keys from the first
 * @param limit the most pairs to answer, 0 for all
 * @param revision the revision to read at; zero or less is now
 * @param sortOrder 0 none, 1 ascending, 2 descending; any other number may arrive
 * @param sortTarget 0 key, 1 version, 2 create, 3 mod, 4 value; any other number may arrive
 * @param serializable whether the local state will do
 * @param keysOnly whether to leave values out
 * @param countOnly whether to answer the count alone
 * @param minModRevision the least modification revision
 * @param maxModRevision the greatest modification revision
 * @param minCreateRevision the least creation revision
 * @param maxCreateRevision the greatest creation revision
 */
public record Range(
        Bytes key, Bytes rangeEnd, long limit, long revision, int sortOrder, int sortTarget,
        boolean serializable, boolean keysOnly, boolean countOnly, long minModRevision,
        long maxModRevision, long minCreateRevision, long maxCreateRevision) implements Op {

    private static final int KEY = 1 << 3 | Wire.BYTES;
    private static final int RANGE_END = 2 << 3 | Wire.BYTES;
    private static final int LIMIT = 3 << 3 | Wire.VARINT;
    private static final int REVISION = 4 << 3 | Wire.VARINT;
    private static final int SORT_ORDER = 5 << 3 | Wire.VARINT;
    private static final int SORT_TARGET = 6 << 3 | Wire.VARINT;
    private static final int SERIALIZABLE = 7 << 3 | Wire.VARINT;
    private static final int KEYS_ONLY = 8 << 3 | Wire.VARINT;
    private static final int COUNT_ONLY = 9 << 3 | Wire.VARINT;
    private static final int MIN_MOD_REVISION = 10 << 3 | Wire.VARINT;
    private static final int MAX_MOD_REVISION = 11 << 3 | Wire.VARINT;
    private static final int MIN_CREATE_REVISION = 12 << 3 | Wire.VARINT;
    private static final int MAX_CREATE_REVISION = 13 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Range decode(Bytes message) {
        Bytes key = Bytes.EMPTY;
        Bytes rangeEnd = Bytes.EMPTY;
        long limit = 0;
        long revision = 0;
        int sortOrder = 0;
        int sortTarget = 0;
        boolean serializable = false;
        boolean keysOnly = false;
        boolean countOnly = false;
        long minModRevision = 0;
        long maxModRevision = 0;
        long minCreateRevision = 0;
        long maxCreateRevision = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case KEY -> key = reader.bytes();
                case RANGE_END -> rangeEnd = reader.bytes();
                case LIMIT -> limit = reader.varint();
                case REVISION -> revision = reader.varint();
                case SORT_ORDER -> sortOrder = (int) reader.varint();
                case SORT_TARGET -> sortTarget = (int) reader.varint();
                case SERIALIZABLE -> serializable = reader.bool();
                case KEYS_ONLY -> keysOnly = reader.bool();
                case COUNT_ONLY -> countOnly = reader.bool();
                case MIN_MOD_REVISION -> minModRevision = reader.varint();
                case MAX_MOD_REVISION -> maxModRevision = reader.varint();
                case MIN_CREATE_REVISION -> minCreateRevision = reader.varint();
                case MAX_CREATE_REVISION -> maxCreateRevision = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new Range(key, rangeEnd, limit, revision, sortOrder, sortTarget, serializable, keysOnly, countOnly,
                minModRevision, maxModRevision, minCreateRevision, maxCreateRevision);
    }

    @Override
    public int encodedLength() {
        return Wire.sizeUnlessEmpty(1, key.length())
                + Wire.sizeUnlessEmpty(2, rangeEnd.length())
                + Wire.sizeUnlessZero(3, limit)
                + Wire.sizeUnlessZero(4, revision)
                + Wire.sizeUnlessZero(5, sortOrder)
                + Wire.sizeUnlessZero(6, sortTarget)
                + Wire.sizeUnlessFalse(7, serializable)
                + Wire.sizeUnlessFalse(8, keysOnly)
                + Wire.sizeUnlessFalse(9, countOnly)
                + Wire.sizeUnlessZero(10, minModRevision)
                + Wire.sizeUnlessZero(11, maxModRevision)
                + Wire.sizeUnlessZero(12, minCreateRevision)
                + Wire.sizeUnlessZero(13, maxCreateRevision);
    }

    @Override
    public void encode(ProtoWriter to) {
        to.unlessEmpty(1, key);
        to.unlessEmpty(2, rangeEnd);
        to.unlessZero(3, limit);
        to.unlessZero(4, revision);
        to.unlessZero(5, sortOrder);
        to.unlessZero(6, sortTarget);
        to.unlessFalse(7, serializable);
        to.unlessFalse(8, keysOnly);
        to.unlessFalse(9, countOnly);
        to.unlessZero(10, minModRevision);
        to.unlessZero(11, maxModRevision);
        to.unlessZero(12, minCreateRevision);
        to.unlessZero(13, maxCreateRevision);
    }
}
