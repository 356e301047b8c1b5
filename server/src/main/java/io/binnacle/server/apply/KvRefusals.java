package io.binnacle.server.apply;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.KvRefusal;
import io.binnacle.mvcc.ResponseBody;

/** From the store's words to the member's. */
public final class KvRefusals {

    private KvRefusals() {}

    /** The member's refusal for one of the store's; the two of range streams have texts of their own and no place here. */
    public static Refusal of(KvRefusal why) {
        return switch (why) {
            case EMPTY_KEY -> Refusal.EMPTY_KEY;
            case VALUE_PROVIDED -> Refusal.VALUE_PROVIDED;
            case LEASE_PROVIDED -> Refusal.LEASE_PROVIDED;
            case INVALID_SORT_OPTION -> Refusal.INVALID_SORT_OPTION;
            case TOO_MANY_OPS -> Refusal.TOO_MANY_OPERATIONS;
            case DUPLICATE_KEY -> Refusal.DUPLICATE_KEY;
            case KEY_NOT_FOUND -> Refusal.KEY_NOT_FOUND;
            case LEASE_NOT_FOUND -> Refusal.LEASE_NOT_FOUND;
            case COMPACTED -> Refusal.COMPACTED;
            case FUTURE_REVISION -> Refusal.FUTURE_REVISION;
            case STREAM_SORT, STREAM_FILTER -> throw new IllegalArgumentException(why + " is answered by the service");
        };
    }

    /** A body of the apply loop in one piece. */
    static Bytes whole(ResponseBody body) {
        try (body) {
            if (body instanceof ResponseBody.Whole whole) return whole.bytes();
            byte[] all = new byte[Math.toIntExact(body.lengthBytes())];
            int at = 0;
            for (Bytes piece = body.next(1 << 16); !piece.isEmpty(); piece = body.next(1 << 16)) {
                piece.copyTo(all, at);
                at += piece.length();
            }
            return Bytes.of(all);
        }
    }
}
