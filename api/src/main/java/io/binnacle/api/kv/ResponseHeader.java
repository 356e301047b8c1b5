package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;

/**
 * What every answer begins with. In an answer it is field 1.
 *
 * @param clusterId the cluster, unsigned
 * @param memberId the member that answers, unsigned
 * @param revision the store revision when it answered
 * @param raftTerm the term, unsigned
 */
public record ResponseHeader(long clusterId, long memberId, long revision, long raftTerm) {

    private static final int CLUSTER_ID = 1 << 3 | Wire.VARINT;
    private static final int MEMBER_ID = 2 << 3 | Wire.VARINT;
    private static final int REVISION = 3 << 3 | Wire.VARINT;
    private static final int RAFT_TERM = 4 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static ResponseHeader decode(Bytes message) {
        long clusterId = 0;
        long memberId = 0;
        long revision = 0;
        long raftTerm = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case CLUSTER_ID -> clusterId = reader.varint();
                case MEMBER_ID -> memberId = reader.varint();
                case REVISION -> revision = reader.varint();
                case RAFT_TERM -> raftTerm = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new ResponseHeader(clusterId, memberId, revision, raftTerm);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        return Wire.sizeUnlessZero(1, clusterId)
                + Wire.sizeUnlessZero(2, memberId)
                + Wire.sizeUnlessZero(3, revision)
                + Wire.sizeUnlessZero(4, raftTerm);
    }

    /** Writes the fields in ascending order, zero values left out. */
    public void encode(ProtoWriter to) {
        to.unlessZero(1, clusterId);
        to.unlessZero(2, memberId);
        to.unlessZero(3, revision);
        to.unlessZero(4, raftTerm);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }
}
