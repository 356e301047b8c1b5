package io.binnacle.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.etcdserverpb.WatchResponse;
import io.binnacle.api.kv.Event;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.ResponseHeader;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a response is put together and split (api.md 6.7). */
class PayloadTest {

    private static final Bytes HEADER = new ResponseHeader(1, 2, 9, 3).encoded();

    private static Bytes event(int valueBytes) {
        KeyValue pair = new KeyValue(Bytes.utf8("k"), 9, 9, 1, Bytes.of(new byte[valueBytes]), 0);
        return new Event(false, pair.encoded(), null).encodedField();
    }

    private static Payload payload(int... valueBytes) {
        List<Bytes> events = new ArrayList<>();
        for (int bytes : valueBytes) events.add(event(bytes));
        return new Payload(9, HEADER, events);
    }

    private static List<WatchResponse> pieces(Payload payload, int limitBytes) throws Exception {
        List<WatchResponse> responses = new ArrayList<>();
        for (Bytes piece : payload.pieces(7, limitBytes)) responses.add(WatchResponse.parseFrom(piece.asByteBuffer()));
        return responses;
    }

    @Test
    void aMessageHoldsHeaderIdAndAllEvents() throws Exception {
        WatchResponse response = WatchResponse.parseFrom(payload(3, 5).message(-4).asByteBuffer());

        assertThat(response.getHeader().getRevision()).isEqualTo(9);
        assertThat(response.getWatchId()).isEqualTo(-4);
        assertThat(response.getEventsList()).extracting(event -> event.getKv().getValue().size()).containsExactly(3, 5);
        assertThat(response.toByteArray()).isEqualTo(payload(3, 5).message(-4).toByteArray());
    }

    @Test
    void watchersWithTheSameIdShareTheWholeMessage() {
        Payload payload = payload(3);

        assertThat(payload.message(0)).isSameAs(payload.message(0));
        assertThat(payload.message(1)).isNotEqualTo(payload.message(0));
    }

    @Test
    void aResponseBelowTheLimitAndOneOfASingleEventAreNotSplit() throws Exception {
        assertThat(pieces(payload(10, 10), payload(10, 10).message(7).length() + 1)).hasSize(1);
        assertThat(pieces(payload(1000), 10)).hasSize(1);
        assertThat(pieces(payload(1000), 10).getFirst().getFragment()).isFalse();
    }

    @Test
    void aResponseOfTheLimitIsSplitIntoShorterPiecesAllButTheLastMarked() throws Exception {
        Payload payload = payload(100, 100, 100, 100, 100);
        int limit = payload.message(7).length() / 2;

        List<Bytes> raw = payload.pieces(7, limit);
        List<WatchResponse> pieces = pieces(payload, limit);

        assertThat(raw).allMatch(piece -> piece.length() < limit);
        assertThat(pieces).extracting(WatchResponse::getEventsCount).containsExactly(2, 2, 1);
        assertThat(pieces).extracting(WatchResponse::getFragment).containsExactly(true, true, false);
        assertThat(pieces).allMatch(piece -> piece.getWatchId() == 7 && piece.getHeader().getRevision() == 9);
        assertThat(pieces(payload(1, 1), payload(1, 1).message(7).length())).hasSize(2);
    }

    @Test
    void anEventLongerThanTheLimitTravelsAlone() throws Exception {
        List<WatchResponse> pieces = pieces(payload(5, 500, 5, 5), 100);

        assertThat(pieces).extracting(WatchResponse::getEventsCount).containsExactly(1, 1, 2);
    }
}
