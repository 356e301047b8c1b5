package io.binnacle.api.raftpb;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one member says to another: raftpb.Message. The fields for local use alone, {@code vote} apart, are left out:
 * {@code responses} never leaves a member, so it is not read.
 *
 * <p>Which zeros are written depends on the type, as a 3.7 member does it (format reference 4.2, 4.4): append
 * requests always hold logTerm, index and commit; accepting answers to them index, refusing ones logTerm, index, reject
 * and rejectHint; heartbeats commit; vote requests logTerm and index; read-index answers index. All else is written
 * unless it is zero.
 *
 * @param type the message type, 0 to 23
 * @param to the receiver, unsigned
 * @param from the sender, unsigned
 * @param term the sender's term, unsigned; 0 in proposals and read-index requests, which must carry none
 * @param logTerm the term of the entry at {@code index}, unsigned
 * @param index depends on the type, unsigned
 * @param entries the entries
 * @param commit the commit index, unsigned
 * @param snapshot the snapshot; null if there is none
 * @param reject whether this refuses
 * @param rejectHint where the refuser thinks the logs may still agree, unsigned
 * @param context to be echoed unchanged; null if there is none
 * @param vote the vote to store, unsigned; between a core and its own log writer only
 */
public record Message(int type, long to, long from, long term, long logTerm, long index, List<Entry> entries,
        long commit, @Nullable Snapshot snapshot, boolean reject, long rejectHint, @Nullable Bytes context,
        long vote) {

    /** Types with their numbers, as far as the rules of presence name them. */
    private static final int APPEND = 3;
    private static final int APPEND_RESPONSE = 4;
    private static final int VOTE_REQUEST = 5;
    private static final int HEARTBEAT = 8;
    private static final int READ_INDEX_RESPONSE = 16;
    private static final int PRE_VOTE_REQUEST = 17;

    private static final int TYPE = 1 << 3 | Wire.VARINT;
    private static final int TO = 2 << 3 | Wire.VARINT;
    private static final int FROM = 3 << 3 | Wire.VARINT;
    private static final int TERM = 4 << 3 | Wire.VARINT;
    private static final int LOG_TERM = 5 << 3 | Wire.VARINT;
    private static final int INDEX = 6 << 3 | Wire.VARINT;
    private static final int ENTRIES = 7 << 3 | Wire.BYTES;
    private static final int COMMIT = 8 << 3 | Wire.VARINT;
    private static final int SNAPSHOT = 9 << 3 | Wire.BYTES;
    private static final int REJECT = 10 << 3 | Wire.VARINT;
    private static final int REJECT_HINT = 11 << 3 | Wire.VARINT;
    private static final int CONTEXT = 12 << 3 | Wire.BYTES;
    private static final int VOTE = 13 << 3 | Wire.VARINT;

    /** The link heartbeat of a message stream: a heartbeat from nobody to nobody, not meant for raft. */
    public static final Bytes LINK_HEARTBEAT = Bytes.of(new byte[] {8, HEARTBEAT});

    /** Whether this is a link heartbeat, in either version's form. */
    public boolean isLinkHeartbeat() {
        return type == HEARTBEAT && to == 0 && from == 0;
    }

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static Message decode(Bytes message) {
        int type = 0;
        long to = 0;
        long from = 0;
        long term = 0;
        long logTerm = 0;
        long index = 0;
        List<Entry> entries = List.of();
        long commit = 0;
        @Nullable Bytes snapshot = null;
        boolean reject = false;
        long rejectHint = 0;
        @Nullable Bytes context = null;
        long vote = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case TYPE -> type = (int) reader.varint();
                case TO -> to = reader.varint();
                case FROM -> from = reader.varint();
                case TERM -> term = reader.varint();
                case LOG_TERM -> logTerm = reader.varint();
                case INDEX -> index = reader.varint();
                case ENTRIES -> {
                    if (entries.isEmpty()) entries = new ArrayList<>();
                    entries.add(Entry.decode(reader.bytes()));
                }
                case COMMIT -> commit = reader.varint();
                case SNAPSHOT -> snapshot = ProtoReader.merged(snapshot, reader.bytes());
                case REJECT -> reject = reader.bool();
                case REJECT_HINT -> rejectHint = reader.varint();
                case CONTEXT -> context = reader.bytes();
                case VOTE -> vote = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new Message(type, to, from, term, logTerm, index, Collections.unmodifiableList(entries), commit,
                snapshot == null ? null : Snapshot.decode(snapshot), reject, rejectHint, context, vote);
    }

    /** The number of bytes {@link #encode} writes. */
    public int encodedLength() {
        int length = Wire.sizeOfVarintField(1, type) + Wire.sizeUnlessZero(2, to) + Wire.sizeUnlessZero(3, from)
                + Wire.sizeUnlessZero(4, term) + length(5, logTerm, holdsLogTerm()) + length(6, index, holdsIndex())
                + length(8, commit, holdsCommit());
        for (Entry entry : entries) length += Wire.sizeOfBytesField(7, entry.encodedLength());
        return length + (snapshot == null ? 0 : Wire.sizeOfBytesField(9, snapshot.encodedLength()))
                + Wire.sizeUnlessFalse(10, reject) + length(11, rejectHint, holdsRejectHint())
                + (context == null ? 0 : Wire.sizeOfBytesField(12, context.length())) + Wire.sizeUnlessZero(13, vote);
    }

    /** Writes the message's fields. */
    public void encode(ProtoWriter writer) {
        writer.varintField(1, type);
        writer.unlessZero(2, to);
        writer.unlessZero(3, from);
        writer.unlessZero(4, term);
        write(writer, 5, logTerm, holdsLogTerm());
        write(writer, 6, index, holdsIndex());
        for (Entry entry : entries) {
            writer.message(7, entry.encodedLength());
            entry.encode(writer);
        }
        write(writer, 8, commit, holdsCommit());
        if (snapshot != null) {
            writer.message(9, snapshot.encodedLength());
            snapshot.encode(writer);
        }
        writer.unlessFalse(10, reject);
        write(writer, 11, rejectHint, holdsRejectHint());
        if (context != null) writer.bytesField(12, context);
        writer.unlessZero(13, vote);
    }

    /** The encoded message. */
    public Bytes encoded() {
        ProtoWriter writer = new ProtoWriter(encodedLength());
        encode(writer);
        return writer.take();
    }

    private boolean holdsLogTerm() {
        return type == APPEND || type == VOTE_REQUEST || type == PRE_VOTE_REQUEST || holdsRejectHint();
    }

    private boolean holdsIndex() {
        return holdsLogTerm() || type == APPEND_RESPONSE || type == READ_INDEX_RESPONSE;
    }

    private boolean holdsCommit() {
        return type == APPEND || (type == HEARTBEAT && !isLinkHeartbeat());
    }

    private boolean holdsRejectHint() {
        return type == APPEND_RESPONSE && reject;
    }

    private static int length(int field, long value, boolean evenZero) {
        return evenZero || value != 0 ? Wire.sizeOfVarintField(field, value) : 0;
    }

    private static void write(ProtoWriter writer, int field, long value, boolean evenZero) {
        if (evenZero || value != 0) writer.varintField(field, value);
    }
}
