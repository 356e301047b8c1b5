package io.binnacle.api.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.RandomEncoding;
import io.binnacle.api.Seed;
import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.InternalRaftRequest;
import io.binnacle.api.etcdserverpb.LeaseGrantRequest;
import io.binnacle.api.etcdserverpb.MemberAddRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.WatchRequest;
import io.binnacle.api.kv.Compaction;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.RaftRequest;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.RequestHeader;
import io.binnacle.api.kv.Txn;
import io.binnacle.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The walk's verdicts against the decoders of etcd 3.7.3 and 3.6.16. */
class StrictWalkAgainstGoTest {

    /** A request type: what it is called by the programs, how our codec writes it anew, as what it is logged. */
    private record Type(char letter, Descriptor descriptor, StrictWalk walk, @Nullable Function<Bytes, Bytes> codec,
            RaftRequest.@Nullable Kind kind) {

        Type(char letter, Descriptor descriptor, @Nullable Function<Bytes, Bytes> codec, RaftRequest.@Nullable Kind kind) {
            this(letter, descriptor, StrictWalk.of(descriptor), codec, kind);
        }
    }

    private static final List<Type> TYPES = List.of(
            new Type('p', PutRequest.getDescriptor(), b -> Put.decode(b).encoded(), RaftRequest.Kind.PUT),
            new Type('d', DeleteRangeRequest.getDescriptor(), b -> DeleteRange.decode(b).encoded(),
                    RaftRequest.Kind.DELETE_RANGE),
            new Type('t', TxnRequest.getDescriptor(), b -> Txn.decode(b).encoded(), RaftRequest.Kind.TXN),
            new Type('c', CompactionRequest.getDescriptor(), b -> Compaction.decode(b).encoded(),
                    RaftRequest.Kind.COMPACTION),
            new Type('r', RangeRequest.getDescriptor(), b -> Range.decode(b).encoded(), RaftRequest.Kind.RANGE),
            new Type('w', WatchRequest.getDescriptor(), null, null),
            new Type('g', LeaseGrantRequest.getDescriptor(), null, RaftRequest.Kind.LEASE_GRANT),
            new Type('u', AuthUserAddRequest.getDescriptor(), null, RaftRequest.Kind.AUTH_USER_ADD),
            new Type('m', MemberAddRequest.getDescriptor(), null, null));

    private record Case(Type type, Bytes request, StrictWalk.Verdict verdict) {}

    @Test
    void whatMayBeLoggedIsReadAlikeByEveryVersionAndMalformedIsWhat37Refuses() throws IOException, InterruptedException {
        GoDecoder etcd37 = GoDecoder.build("etcd37");
        GoDecoder etcd36 = GoDecoder.build("etcd36");
        List<Case> cases = cases(Seed.of("StrictWalkAgainstGoTest").random(), Seed.count(40_000));
        List<GoDecoder.Question> requests = new ArrayList<>();
        List<GoDecoder.Question> entries = new ArrayList<>();
        for (Case one : cases) {
            requests.add(new GoDecoder.Question(one.type.letter, one.request));
            entries.add(new GoDecoder.Question('e', one.type.kind == null ? Bytes.EMPTY
                    : RaftRequest.encode(one.type.kind, one.request, new RequestHeader(7, "", 0))));
        }

        List<@Nullable Bytes> read37 = etcd37.ask(requests);
        List<@Nullable Bytes> read36 = etcd36.ask(requests);
        List<@Nullable Bytes> entry37 = etcd37.ask(entries);
        List<@Nullable Bytes> entry36 = etcd36.ask(entries);

        int[] verdicts = new int[3];
        int reencodeNeeded = 0;
        List<String> wrong = new ArrayList<>();
        for (int index = 0; index < cases.size(); index++) {
            Case one = cases.get(index);
            Bytes by37 = read37.get(index);
            Bytes by36 = read36.get(index);
            String found = switch (one.verdict) {
                case StrictWalk.Ok _ -> {
                    verdicts[0]++;
                    if (by37 == null || entry37.get(index) == null) yield "3.7 refuses it";
                    if (by36 == null || entry36.get(index) == null) yield "3.6 refuses it";
                    // What is never logged is not compared: 3.6 writes packed negative enums so that nobody reads them.
                    if (one.type.kind == null) yield "";
                    if (!same(one.type.descriptor, by37, by36)) yield "the versions read it differently";
                    if (!same(InternalRaftRequest.getDescriptor(), entry37.get(index), entry36.get(index))) yield "the versions read its entry differently";
                    yield "";
                }
                case StrictWalk.Reencode _ -> {
                    verdicts[1]++;
                    if (by36 == null || (one.type.kind != null && !same(one.type.descriptor, by37, by36))) reencodeNeeded++;
                    yield by37 == null ? "3.7 refuses it" : "";
                }
                case StrictWalk.Malformed _ -> {
                    verdicts[2]++;
                    yield by37 != null ? "3.7 accepts it" : "";
                }
            };
            if (found.isEmpty() && by37 != null && one.type.codec != null
                    && !same(one.type.descriptor, by37, one.type.codec.apply(one.request))) {
                found = "our codec reads it differently";
            }
            if (!found.isEmpty()) wrong.add(found + ": " + one.type.letter + " " + one.verdict + " " + hex(one.request));
        }
        System.out.println("requests: " + cases.size() + ", ok " + verdicts[0] + ", to be encoded anew " + verdicts[1]
                + " (the versions differ on " + reencodeNeeded + "), malformed " + verdicts[2]);
        assertThat(wrong.stream().limit(20)).isEmpty();
        for (int count : verdicts) assertThat(count).isGreaterThan(cases.size() / 50);
    }

    @Test
    void nestingIsJudgedAs37JudgesTheEntry() throws IOException, InterruptedException {
        GoDecoder etcd37 = GoDecoder.build("etcd37");
        for (int transactions : new int[] {4_999, 5_000, 5_001}) {
            Bytes request = StrictWalkTest.nested(transactions);
            Bytes entry = RaftRequest.encode(RaftRequest.Kind.TXN, request, new RequestHeader(7, "", 0));
            boolean read = etcd37.ask(List.of(new GoDecoder.Question('e', entry))).getFirst() != null;
            StrictWalk.Verdict verdict = StrictWalk.of(TxnRequest.getDescriptor()).judge(request);
            assertThat(verdict instanceof StrictWalk.Ok).as("%d transactions: %s", transactions, verdict).isEqualTo(read);
        }
    }

    /** Whether two encodings hold the same: 3.7 writes members of a oneof last, the others write by number. */
    private static boolean same(Descriptor type, @Nullable Bytes one, @Nullable Bytes other) {
        if (one == null || other == null) return false;
        if (one.equals(other)) return true;
        try {
            return DynamicMessage.parseFrom(type, one.toByteArray()).equals(DynamicMessage.parseFrom(type, other.toByteArray()));
        } catch (InvalidProtocolBufferException impossible) {
            throw new AssertionError(hex(one) + " or " + hex(other), impossible);
        }
    }

    private static List<Case> cases(RandomGenerator random, int count) {
        RandomEncoding valid = new RandomEncoding(random, false, 0);
        RandomEncoding odd = new RandomEncoding(random, false, 12);
        List<Case> cases = new ArrayList<>();
        for (int turn = 0; turn < count; turn++) {
            // Half of them those that are logged as they came.
            Type type = TYPES.get(random.nextInt(random.nextBoolean() ? 4 : TYPES.size()));
            Bytes request = (random.nextInt(3) == 0 ? odd : valid).of(type.descriptor);
            if (random.nextInt(3) == 0) request = mutated(request, random);
            cases.add(new Case(type, request, type.walk.judge(request)));
        }
        return cases;
    }

    /** A few bytes changed, left out or put in, the likeliest being those that mean something to a decoder. */
    private static Bytes mutated(Bytes request, RandomGenerator random) {
        byte[] telling = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0a, 0x0b, 0x0c, 0x0d, 0x12, 0x13, 0x14, 0x7f, (byte) 0x80, (byte) 0xff};
        byte[] bytes = request.toByteArray();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(bytes.length + 1);
            byte chosen = random.nextBoolean() ? telling[random.nextInt(telling.length)] : (byte) random.nextInt();
            ProtoWriter writer = new ProtoWriter(bytes.length + 1);
            writer.raw(Bytes.of(bytes, 0, at));
            int kind = random.nextInt(4);
            if (kind < 2) writer.raw(Bytes.of(new byte[] {chosen}));
            if (kind != 3) writer.raw(Bytes.of(bytes, Math.min(bytes.length, at + (kind == 0 ? 0 : 1)), Math.max(0, bytes.length - at - (kind == 0 ? 0 : 1))));
            bytes = writer.toBytes().toByteArray();
        }
        return Bytes.of(bytes);
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
