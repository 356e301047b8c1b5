package io.binnacle.proof.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.CompactionResponse;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeResponse;
import io.binnacle.api.etcdserverpb.HashKVRequest;
import io.binnacle.api.etcdserverpb.HashKVResponse;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.PutResponse;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.RangeResponse;
import io.binnacle.api.etcdserverpb.StatusRequest;
import io.binnacle.api.etcdserverpb.StatusResponse;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.TxnResponse;
import io.binnacle.proof.process.Waiting;
import io.binnacle.proof.wire.OpenCall;
import io.binnacle.proof.wire.Outcome;
import io.binnacle.proof.wire.RawCalls;
import java.time.Duration;
import java.util.Map;

/** Blocking calls to one member. Any number of threads. */
public final class EtcdClient implements AutoCloseable {
    private static final Duration CALL_MAX = Duration.ofSeconds(15);
    private static final Duration STREAM_MAX = Duration.ofMinutes(10);

    private final RawCalls calls;
    private final Map<String, String> metadata;

    /** {@code address} is {@code host:port}; the token of an authenticated user or empty. */
    public EtcdClient(String address, String token) {
        calls = new RawCalls(address);
        metadata = token.isEmpty() ? Map.of() : Map.of("token", token);
    }

    /** Makes one unary call. */
    public <T> Answer<T> call(String path, MessageLite request, Parser<T> response) {
        return switch (calls.unary(path, request.toByteArray(), metadata, CALL_MAX)) {
            case Outcome.Message(byte[] bytes) -> new Answer.Done<>(parsed(response, bytes));
            case Outcome.End(int code, String message) -> new Answer.Failed<>(code, message);
            case Outcome.Silence _ -> new Answer.Failed<>(4, "no answer and no end");
        };
    }

    private static <T> T parsed(Parser<T> parser, byte[] bytes) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a response that is no protobuf", e);
        }
    }

    /** Opens a streaming call. */
    public OpenCall open(String path) {
        return calls.open(path, metadata, STREAM_MAX);
    }

    /** Put. */
    public Answer<PutResponse> put(PutRequest request) {
        return call("/etcdserverpb.KV/Put", request, PutResponse.parser());
    }

    /** Range. */
    public Answer<RangeResponse> range(RangeRequest request) {
        return call("/etcdserverpb.KV/Range", request, RangeResponse.parser());
    }

    /** DeleteRange. */
    public Answer<DeleteRangeResponse> delete(DeleteRangeRequest request) {
        return call("/etcdserverpb.KV/DeleteRange", request, DeleteRangeResponse.parser());
    }

    /** Txn. */
    public Answer<TxnResponse> txn(TxnRequest request) {
        return call("/etcdserverpb.KV/Txn", request, TxnResponse.parser());
    }

    /** Compact. */
    public Answer<CompactionResponse> compact(long revision, boolean physical) {
        CompactionRequest request = CompactionRequest.newBuilder().setRevision(revision).setPhysical(physical).build();
        return call("/etcdserverpb.KV/Compact", request, CompactionResponse.parser());
    }

    /** HashKV at a revision; 0 is the newest. */
    public Answer<HashKVResponse> hashKv(long revision) {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        return call("/etcdserverpb.Maintenance/HashKV", request, HashKVResponse.parser());
    }

    /** Status. */
    public Answer<StatusResponse> status() {
        return call("/etcdserverpb.Maintenance/Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());
    }

    /** All keys with their metadata at the newest revision, linearizable. */
    public RangeResponse everything() {
        ByteString zero = ByteString.copyFrom(new byte[1]);
        return range(RangeRequest.newBuilder().setKey(zero).setRangeEnd(zero).build()).orThrow();
    }

    /** Waits until a linearizable read works. */
    public void awaitReads() {
        RangeRequest probe = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("-")).setCountOnly(true).build();
        Waiting.until("a linearizable read", Duration.ofSeconds(30), () -> range(probe) instanceof Answer.Done<RangeResponse>);
    }

    @Override
    public void close() {
        calls.close();
    }
}
