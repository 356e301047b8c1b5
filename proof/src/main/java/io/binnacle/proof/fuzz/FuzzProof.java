package io.binnacle.proof.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.binnacle.api.etcdserverpb.Compare;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RequestOp;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.proof.process.ServerCommand;
import io.binnacle.proof.process.ServerProcess;
import io.binnacle.proof.process.ServerSetup;
import io.binnacle.proof.process.StartFailure;
import io.binnacle.proof.wire.OpenCall;
import io.binnacle.proof.wire.Outcome;
import io.binnacle.proof.wire.RawCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Sends the same mutated requests in the same order to two fresh servers of the same identity: every answer must be equal byte for
 * byte, every refusal in code and, but for the decoder's own words, in message. One thread; used once.
 */
public final class FuzzProof {
    private static final Duration CALL_MAX = Duration.ofSeconds(20);
    private static final String UNDECODABLE = "grpc: error unmarshalling request: "; // what follows is the decoder's own wording
    private static final int MUTATIONS_MAX = 3;

    private final ServerCommand reference;
    private final ServerCommand tested;
    private final Path directory;
    private final Random random;

    /** {@code directory} must be empty. */
    public FuzzProof(ServerCommand reference, ServerCommand tested, Path directory, long seed) {
        this.reference = reference;
        this.tested = tested;
        this.directory = directory;
        this.random = new Random(seed);
    }

    /** Sends that many; the answer is empty, or the first request that the servers answer differently. */
    public Optional<String> run(int requests) throws StartFailure {
        ServerSetup one = ServerSetup.recorded(directory.resolve("one"), List.of());
        ServerSetup two = ServerSetup.recorded(directory.resolve("two"), List.of());
        try (ServerProcess _ = ServerProcess.start(reference, one);
                ServerProcess _ = ServerProcess.start(tested, two);
                RawCalls left = new RawCalls(one.clientAddress());
                RawCalls right = new RawCalls(two.clientAddress())) {
            for (int i = 0; i < requests; i++) {
                int kind = random.nextInt(4);
                String path = "/etcdserverpb.KV/" + List.of("Range", "Put", "DeleteRange", "Txn").get(kind);
                byte[] request = mutated(request(kind).toByteArray());
                OpenCall first = left.start(path, request, Map.of(), CALL_MAX); // both servers work at the same time
                OpenCall second = right.start(path, request, Map.of(), CALL_MAX);
                String expected = shown(RawCalls.answer(first, CALL_MAX));
                String actual = shown(RawCalls.answer(second, CALL_MAX));
                if (!expected.equals(actual)) {
                    return Optional.of("request " + i + " " + path + " " + HexFormat.of().formatHex(request) + ": " + reference.name() + " "
                            + expected + ", " + tested.name() + " " + actual);
                }
            }
            return Optional.empty();
        }
    }

    private static String shown(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Message(byte[] bytes) -> HexFormat.of().formatHex(bytes);
            case Outcome.End(int code, String message) ->
                "end " + code + " " + (message.startsWith(UNDECODABLE) ? UNDECODABLE : message);
            case Outcome.Silence _ -> "silence";
        };
    }

    private ByteString key() {
        return ByteString.copyFromUtf8(random.nextInt(20) == 0 ? "" : "k" + random.nextInt(10));
    }

    private MessageLite request(int kind) {
        return switch (kind) {
            case 0 -> RangeRequest.newBuilder().setKey(key()).setRangeEnd(random.nextBoolean() ? key() : ByteString.EMPTY)
                    .setLimit(random.nextInt(4)).setRevision(random.nextInt(30) == 0 ? random.nextInt(100) : 0)
                    .setSortOrderValue(random.nextInt(3)).setSortTargetValue(0).setKeysOnly(random.nextInt(5) == 0).build();
            case 1 -> put();
            case 2 -> DeleteRangeRequest.newBuilder().setKey(key()).setPrevKv(random.nextBoolean()).build();
            default -> TxnRequest.newBuilder()
                    .addCompare(Compare.newBuilder().setKey(key()).setTargetValue(random.nextInt(3))
                            .setResultValue(random.nextInt(4)).setVersion(random.nextInt(3)))
                    .addSuccess(RequestOp.newBuilder().setRequestPut(put()))
                    .addFailure(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key())))
                    .build();
        };
    }

    private PutRequest put() {
        byte[] value = new byte[random.nextInt(30)];
        random.nextBytes(value);
        return PutRequest.newBuilder().setKey(key()).setValue(ByteString.copyFrom(value)).setPrevKv(random.nextBoolean()).build();
    }

    /** Half of the requests stay whole, so that there is state to differ in. */
    private byte[] mutated(byte[] request) {
        byte[] bytes = request;
        int mutations = random.nextBoolean() ? 0 : 1 + random.nextInt(MUTATIONS_MAX);
        for (int i = 0; i < mutations && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4));
                    System.arraycopy(bytes, at, longer, at + longer.length - bytes.length, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
