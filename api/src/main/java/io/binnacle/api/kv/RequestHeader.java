package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import java.nio.charset.StandardCharsets;

/**
 * Who asked for a log entry: etcdserverpb.RequestHeader.
 *
 * @param id the request's id, unsigned, by which the proposing member finds who waits
 * @param username the user, empty while authentication is off
 * @param authRevision the revision of the auth store the user was checked against, unsigned, 0 while it is off
 */
public record RequestHeader(long id, String username, long authRevision) {

    private static final int ID = 1 << 3 | Wire.VARINT;
    private static final int USERNAME = 2 << 3 | Wire.BYTES;
    private static final int AUTH_REVISION = 3 << 3 | Wire.VARINT;

    /** Reads the message; throws {@link io.binnacle.api.wire.ProtoFormatException} if it is none. */
    public static RequestHeader decode(Bytes message) {
        long id = 0;
        String username = "";
        long authRevision = 0;
        ProtoReader reader = new ProtoReader(message);
        for (int tag; (tag = reader.next()) != 0;) {
            switch (tag) {
                case ID -> id = reader.varint();
                case USERNAME -> username = reader.utf8();
                case AUTH_REVISION -> authRevision = reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new RequestHeader(id, username, authRevision);
    }

    int encodedLength(byte[] usernameUtf8) {
        return Wire.sizeUnlessZero(1, id) + Wire.sizeUnlessEmpty(2, usernameUtf8.length)
                + Wire.sizeUnlessZero(3, authRevision);
    }

    void encode(ProtoWriter to, byte[] usernameUtf8) {
        to.unlessZero(1, id);
        if (usernameUtf8.length != 0) to.bytesField(2, Bytes.of(usernameUtf8));
        to.unlessZero(3, authRevision);
    }

    byte[] usernameUtf8() {
        return username.isEmpty() ? Bytes.EMPTY.array() : username.getBytes(StandardCharsets.UTF_8);
    }
}
