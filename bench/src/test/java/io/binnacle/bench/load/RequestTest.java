package io.binnacle.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.RangeRequest;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.WatchRequest;
import org.junit.jupiter.api.Test;

/** Requests as protobuf's own decoder reads them. */
class RequestTest {

    @Test
    void aNumberGoesIntoTheKeyAndNowhereElse() throws InvalidProtocolBufferException {
        Request request = Request.put("a/", 3);

        PutRequest first = PutRequest.parseFrom(request.message(0));
        PutRequest other = PutRequest.parseFrom(request.message(1_234_567_890));

        assertThat(first.getKey().toStringUtf8()).isEqualTo("a/0000000000");
        assertThat(other.getKey().toStringUtf8()).isEqualTo("a/1234567890");
        assertThat(other.getValue()).isEqualTo(first.getValue()).hasSize(3);
    }

    @Test
    void theOtherRequestsSayWhatTheyAreNamed() throws InvalidProtocolBufferException {
        RangeRequest list = RangeRequest.parseFrom(Request.list("a/").message());
        assertThat(list.getKey().toStringUtf8() + " " + list.getRangeEnd().toStringUtf8()).isEqualTo("a/ a0");
        assertThat(RangeRequest.parseFrom(Request.get("a/", true).message()).getSerializable()).isTrue();

        TxnRequest txn = TxnRequest.parseFrom(Request.guardedUpdate("a/", 3).message());
        assertThat(txn.getCompare(0).getResult()).isEqualTo(io.binnacle.api.etcdserverpb.Compare.CompareResult.GREATER);
        assertThat(txn.getSuccess(0).getRequestPut().getKey()).isEqualTo(txn.getCompare(0).getKey());

        CompactionRequest compaction = CompactionRequest.parseFrom(Request.physicalCompaction(300).message());
        assertThat(compaction.getRevision()).isEqualTo(300);
        assertThat(compaction.getPhysical()).isTrue();

        WatchRequest watch = WatchRequest.parseFrom(Request.watch("a/").message());
        assertThat(watch.getCreateRequest().getKey().toStringUtf8()).isEqualTo("a/");
    }

    @Test
    void aFrameIsAZeroByteTheLengthAndTheMessage() {
        byte[] frame = Request.probe().framed();

        assertThat(frame).startsWith(0, 0, 0, 0, frame.length - 5).endsWith(Request.probe().message());
    }
}
