package io.binnacle.api.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.binnacle.api.RandomEncoding;
import io.binnacle.api.Seed;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeResponse;
import io.binnacle.api.etcdserverpb.InternalRaftRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.PutResponse;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.etcdserverpb.RequestOp;
import io.binnacle.api.etcdserverpb.ResponseOp;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.TxnResponse;
import io.binnacle.api.etcdserverpb.WatchCreateRequest;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.base.Bytes;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The hand-made codecs against protobuf-java. */
class KvCodecTest {

    /** The kinds of requests that 3.7 knows. */
    private static final List<RaftRequest.Kind> KINDS = List.copyOf(EnumSet.complementOf(
            EnumSet.of(RaftRequest.Kind.NONE, RaftRequest.Kind.LEGACY)));

    private final Seed seed = Seed.of("KvCodecTest");
    private final RandomGenerator random = seed.random();

    @Test
    void requestsAreReadAndWrittenAsProtobufDoesIt() throws InvalidProtocolBufferException {
        same(PutRequest.getDefaultInstance(), bytes -> Put.decode(bytes).encoded());
        same(RangeRequest.getDefaultInstance(), bytes -> Range.decode(bytes).encoded());
        same(DeleteRangeRequest.getDefaultInstance(), bytes -> DeleteRange.decode(bytes).encoded());
        same(CompactionRequest.getDefaultInstance(), bytes -> Compaction.decode(bytes).encoded());
        same(TxnRequest.getDefaultInstance(), bytes -> Txn.decode(bytes).encoded());
    }

    @Test
    void pairsAndHeadersAreReadAndWrittenAsProtobufDoesIt() throws InvalidProtocolBufferException {
        same(io.binnacle.api.mvccpb.KeyValue.getDefaultInstance(), bytes -> KeyValue.decode(bytes).encoded());
        same(io.binnacle.api.etcdserverpb.ResponseHeader.getDefaultInstance(),
                bytes -> ResponseHeader.decode(bytes).encoded());
    }

    @Test
    void onePairFieldIsReadWithoutTheOthers() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, false, 0).oneofsTogether();
        for (int turn = 0; turn < Seed.count(2_000); turn++) {
            Bytes bytes = encodings.of(io.binnacle.api.mvccpb.KeyValue.getDescriptor());
            var wanted = io.binnacle.api.mvccpb.KeyValue.parseFrom(string(bytes));
            assertThat(KeyValue.key(bytes)).isEqualTo(bytes(wanted.getKey()));
            assertThat(KeyValue.value(bytes)).isEqualTo(bytes(wanted.getValue()));
            assertThat(KeyValue.createRevision(bytes)).isEqualTo(wanted.getCreateRevision());
            assertThat(KeyValue.modRevision(bytes)).isEqualTo(wanted.getModRevision());
            assertThat(KeyValue.version(bytes)).isEqualTo(wanted.getVersion());
            assertThat(KeyValue.lease(bytes)).isEqualTo(wanted.getLease());
        }
    }

    @Test
    void watchRequestsAreReadAsProtobufDoesIt() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, false, 9).oneofsTogether();
        for (int turn = 0; turn < Seed.count(4_000); turn++) {
            Bytes bytes = encodings.of(io.binnacle.api.etcdserverpb.WatchRequest.getDescriptor());
            var wanted = io.binnacle.api.etcdserverpb.WatchRequest.parseFrom(string(bytes));
            WatchRequest read = WatchRequest.decode(bytes);
            assertThat(read).as("%s", bytes).isEqualTo(switch (wanted.getRequestUnionCase()) {
                case CREATE_REQUEST -> create(wanted.getCreateRequest());
                case CANCEL_REQUEST -> new WatchRequest.Cancel(wanted.getCancelRequest().getWatchId());
                case PROGRESS_REQUEST -> new WatchRequest.Progress();
                case REQUESTUNION_NOT_SET -> new WatchRequest.None();
            });
        }
    }

    private static WatchRequest create(WatchCreateRequest wanted) {
        return new WatchRequest.Create(bytes(wanted.getKey()), bytes(wanted.getRangeEnd()), wanted.getStartRevision(),
                wanted.getProgressNotify(), wanted.getFiltersValueList().contains(0),
                wanted.getFiltersValueList().contains(1), wanted.getPrevKv(), wanted.getWatchId(),
                wanted.getFragment());
    }

    @Test
    void watchResponsesAreWrittenAsProtobufDoesIt() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, true, 0);
        for (int turn = 0; turn < Seed.count(1_000); turn++) {
            var wanted = parse(io.binnacle.api.etcdserverpb.WatchResponse.getDefaultInstance(),
                    encodings.of(io.binnacle.api.etcdserverpb.WatchResponse.getDescriptor())).toBuilder();
            wanted.getHeaderBuilder(); // always there
            wanted.getEventsBuilderList().forEach(event -> event.setTypeValue(event.getTypeValue() & 1).setKv(event.getKv()));
            List<Bytes> events = wanted.getEventsList().stream().map(event -> new Event(event.getTypeValue() == 1,
                    bytes(event.getKv()), event.hasPrevKv() ? bytes(event.getPrevKv()) : null).encodedField()).toList();
            WatchResponse ours = new WatchResponse(header(wanted.getHeader()), wanted.getWatchId(), wanted.getCreated(),
                    wanted.getCanceled(), wanted.getCompactRevision(), wanted.getCancelReason(), wanted.getFragment());
            assertThat(ours.encoded(events)).isEqualTo(bytes(wanted.build()));
        }
    }

    @Test
    void answersAreWrittenAsProtobufDoesIt() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, true, 0);
        for (int turn = 0; turn < Seed.count(1_000); turn++) {
            TxnResponse wanted = parse(TxnResponse.getDefaultInstance(), encodings.of(TxnResponse.getDescriptor()));
            ProtoWriter writer = new ProtoWriter(0);
            write(new ResponseWriter(writer), wanted);
            assertThat(parse(TxnResponse.getDefaultInstance(), writer.toBytes())).isEqualTo(withHeaders(wanted));
            assertThat(writer.take()).isEqualTo(bytes(withHeaders(wanted)));
        }
    }

    private static void write(ResponseWriter to, TxnResponse txn) {
        to.header(header(txn.getHeader()));
        to.succeeded(txn.getSucceeded());
        for (ResponseOp response : txn.getResponsesList()) {
            switch (response.getResponseCase()) {
                case RESPONSE_RANGE -> {
                    var open = to.beginResponse(Range.decode(Bytes.EMPTY));
                    RangeResponse range = response.getResponseRange();
                    to.header(header(range.getHeader()));
                    range.getKvsList().forEach(pair -> to.rangePair(bytes(pair)));
                    to.rangeTotals(range.getMore(), range.getCount());
                    to.endResponse(open);
                }
                case RESPONSE_PUT -> {
                    var open = to.beginResponse(Put.decode(Bytes.EMPTY));
                    PutResponse put = response.getResponsePut();
                    to.header(header(put.getHeader()));
                    if (put.hasPrevKv()) to.putPrevious(bytes(put.getPrevKv()));
                    to.endResponse(open);
                }
                case RESPONSE_DELETE_RANGE -> {
                    var open = to.beginResponse(DeleteRange.decode(Bytes.EMPTY));
                    DeleteRangeResponse deleted = response.getResponseDeleteRange();
                    to.header(header(deleted.getHeader()));
                    to.deleted(deleted.getDeleted());
                    deleted.getPrevKvsList().forEach(pair -> to.deletedPrevious(bytes(pair)));
                    to.endResponse(open);
                }
                case RESPONSE_TXN -> {
                    var open = to.beginResponse(Txn.decode(Bytes.EMPTY));
                    write(to, response.getResponseTxn());
                    to.endResponse(open);
                }
                case RESPONSE_NOT_SET -> to.emptyResponse();
            }
        }
    }

    /** The same with every header there, as answers always have one. */
    private static TxnResponse withHeaders(TxnResponse txn) {
        TxnResponse.Builder builder = txn.toBuilder().setHeader(txn.getHeader());
        for (ResponseOp.Builder response : builder.getResponsesBuilderList()) {
            switch (response.getResponseCase()) {
                case RESPONSE_RANGE -> response.getResponseRangeBuilder().setHeader(response.getResponseRange().getHeader());
                case RESPONSE_PUT -> response.getResponsePutBuilder().setHeader(response.getResponsePut().getHeader());
                case RESPONSE_DELETE_RANGE -> response.getResponseDeleteRangeBuilder()
                        .setHeader(response.getResponseDeleteRange().getHeader());
                case RESPONSE_TXN -> response.setResponseTxn(withHeaders(response.getResponseTxn()));
                case RESPONSE_NOT_SET -> { }
            }
        }
        return builder.build();
    }

    @Test
    void envelopesAreReadAsProtobufDoesIt() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, false, 0).oneofsTogether();
        for (int turn = 0; turn < Seed.count(2_000); turn++) {
            RaftRequest.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            var field = InternalRaftRequest.getDescriptor().findFieldByNumber(kind.field());
            ProtoWriter writer = new ProtoWriter(0);
            for (int part = random.nextInt(3); part >= 0; part--) {
                switch (random.nextInt(3)) {
                    case 0 -> writer.bytesField(100,
                            encodings.of(io.binnacle.api.etcdserverpb.RequestHeader.getDescriptor()));
                    case 1 -> writer.varintField(1, random.nextLong());
                    default -> writer.bytesField(kind.field(), encodings.of(field.getMessageType()));
                }
            }
            Bytes bytes = writer.take();
            InternalRaftRequest wanted = InternalRaftRequest.parseFrom(string(bytes));
            RaftRequest read = RaftRequest.decode(bytes);
            assertThat(read.kind()).isEqualTo(wanted.hasField(field) ? kind : RaftRequest.Kind.NONE);
            assertThat(read.id()).isEqualTo(wanted.getID());
            assertThat(read.header()).isEqualTo(wanted.hasHeader() ? new RequestHeader(wanted.getHeader().getID(),
                    wanted.getHeader().getUsername(), wanted.getHeader().getAuthRevision()) : null);
            Message request = (Message) wanted.getField(field);
            assertThat(parse(request.getDefaultInstanceForType(), read.request())).isEqualTo(parse(request, bytes(request)));
        }
    }

    @Test
    void envelopesAreWrittenAsProtobufDoesItForEveryKind() throws InvalidProtocolBufferException {
        RandomEncoding encodings = new RandomEncoding(random, true, 0);
        for (RaftRequest.Kind kind : KINDS) {
            var field = InternalRaftRequest.getDescriptor().findFieldByNumber(kind.field());
            assertThat(field).as("%s", kind).isNotNull();
            assertThat(RaftRequest.Kind.of(kind.field())).isEqualTo(kind);
            for (long id : new long[] {0, 5, -1}) {
                for (String user : new String[] {"", "rööt"}) {
                    var wanted = InternalRaftRequest.newBuilder();
                    wanted.getHeaderBuilder().setID(id).setUsername(user).setAuthRevision(id);
                    Message request = parse((Message) wanted.getField(field), encodings.of(field.getMessageType()));
                    wanted.setField(field, request);
                    assertThat(RaftRequest.encode(kind, bytes(request), new RequestHeader(id, user, id)))
                            .as("%s", kind).isEqualTo(bytes(wanted.build()));
                }
            }
        }
        assertThat(KINDS).hasSize(InternalRaftRequest.getDescriptor().getFields().size() - 2); // without ID and header
    }

    @Test
    void aRecordedPutEntryHasThisForm() {
        Bytes put = new Put(Bytes.utf8("k1"), Bytes.utf8("v1"), 0, false, false, false).encoded();
        Bytes entry = RaftRequest.encode(RaftRequest.Kind.PUT, put, new RequestHeader(0xbc00000000000001L, "", 0));

        assertThat(HexFormat.of().formatHex(entry.toByteArray()))
                .isEqualTo("22080a026b3112027631a2060b08818080808080808" + "0bc01");
        assertThat(RaftRequest.decode(entry).requestId()).isEqualTo(0xbc00000000000001L);
    }

    @Test
    void aLegacyRequestInTheEnvelopeIsReported() {
        RaftRequest read = RaftRequest.decode(Bytes.of(HexFormat.of().parseHex("12020801")));

        assertThat(read.kind()).isEqualTo(RaftRequest.Kind.LEGACY);
        assertThat(read.request()).isEqualTo(Bytes.of(new byte[] {8, 1}));
        assertThat(read.requestId()).isZero();
    }

    @Test
    void transactionsNestedFiveThousandDeepAreReadOnASmallStack() throws InterruptedException {
        ProtoWriter writer = new ProtoWriter(100_000);
        int depth = 4_999;
        int[] begun = new int[2 * depth];
        for (int level = 0; level < depth; level++) {
            begun[2 * level] = writer.begin(2);
            begun[2 * level + 1] = writer.begin(4);
        }
        for (int level = 2 * depth - 1; level >= 0; level--) writer.end(begun[level]);
        Bytes request = writer.take();
        int[] found = new int[1];
        Thread reader = new Thread(null, () -> {
            Op at = Txn.decode(request);
            while (at instanceof Txn txn && !txn.success().isEmpty()) {
                at = txn.success().getFirst();
                found[0]++;
            }
        }, "small stack", 256 << 10);
        reader.start();
        reader.join();

        assertThat(found[0]).isEqualTo(depth);
    }

    private void same(Message type, Function<Bytes, Bytes> readAndWrite) throws InvalidProtocolBufferException {
        for (int wrongTypes : new int[] {0, 9}) {
            RandomEncoding encodings = new RandomEncoding(random, false, wrongTypes).oneofsTogether();
            for (int turn = 0; turn < Seed.count(2_000); turn++) {
                Bytes bytes = encodings.of(type.getDescriptorForType());
                assertThat(readAndWrite.apply(bytes)).as("%s of %s", type.getClass().getSimpleName(),
                        HexFormat.of().formatHex(bytes.toByteArray())).isEqualTo(bytes(parse(type, bytes)));
            }
        }
        assertThat(RequestOp.getDescriptor().getFields()).hasSize(4);
    }

    /** What protobuf-java reads, without unknown fields. */
    @SuppressWarnings("unchecked") // a message's parser yields its own type
    private static <M extends Message> M parse(M type, Bytes bytes) throws InvalidProtocolBufferException {
        return (M) DiscardUnknownFieldsParser.wrap(type.getParserForType()).parseFrom(string(bytes));
    }

    private static ResponseHeader header(io.binnacle.api.etcdserverpb.ResponseHeader header) {
        return ResponseHeader.decode(bytes(header));
    }

    private static ByteString string(Bytes bytes) {
        return ByteString.copyFrom(bytes.asByteBuffer());
    }

    private static Bytes bytes(ByteString string) {
        return Bytes.of(string.toByteArray());
    }

    private static Bytes bytes(Message message) {
        return Bytes.of(message.toByteArray());
    }
}
