package io.binnacle.api.kv;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.api.wire.ProtoWriter;
import io.binnacle.api.wire.Wire;
import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the data of a normal log entry is: etcd's InternalRaftRequest, an envelope around one request. The request
 * stays the bytes that came, and is decoded by whoever applies it.
 *
 * @param id field 1, 0 in all that today's members write
 * @param header field 100; null only in entries of a foreign hand
 * @param kind which request is inside
 * @param request the request's bytes, empty for {@link Kind#NONE}
 */
public record RaftRequest(long id, @Nullable RequestHeader header, Kind kind, Bytes request) {

    private static final int HEADER_FIELD = 100;
    private static final int ID = 1 << 3 | Wire.VARINT;
    private static final int HEADER = HEADER_FIELD << 3 | Wire.BYTES;

    /** The requests of the envelope, in the order of their field numbers. */
    public enum Kind {
        /** No request that we know: such an entry changes nothing. */
        NONE(0),
        /** A request of the store before version 3 (legacy.proto's Request), which members up to 3.6 know. */
        LEGACY(2),
        /** RangeRequest. */
        RANGE(3),
        /** PutRequest. */
        PUT(4),
        /** DeleteRangeRequest. */
        DELETE_RANGE(5),
        /** TxnRequest. */
        TXN(6),
        /** CompactionRequest. */
        COMPACTION(7),
        /** LeaseGrantRequest. */
        LEASE_GRANT(8),
        /** LeaseRevokeRequest. */
        LEASE_REVOKE(9),
        /** AlarmRequest. */
        ALARM(10),
        /** LeaseCheckpointRequest. */
        LEASE_CHECKPOINT(11),
        /** AuthEnableRequest. */
        AUTH_ENABLE(1000),
        /** AuthDisableRequest. */
        AUTH_DISABLE(1011),
        /** InternalAuthenticateRequest. */
        AUTHENTICATE(1012),
        /** AuthStatusRequest. */
        AUTH_STATUS(1013),
        /** AuthUserAddRequest. */
        AUTH_USER_ADD(1100),
        /** AuthUserDeleteRequest. */
        AUTH_USER_DELETE(1101),
        /** AuthUserGetRequest. */
        AUTH_USER_GET(1102),
        /** AuthUserChangePasswordRequest. */
        AUTH_USER_CHANGE_PASSWORD(1103),
        /** AuthUserGrantRoleRequest. */
        AUTH_USER_GRANT_ROLE(1104),
        /** AuthUserRevokeRoleRequest. */
        AUTH_USER_REVOKE_ROLE(1105),
        /** AuthUserListRequest. */
        AUTH_USER_LIST(1106),
        /** AuthRoleListRequest. */
        AUTH_ROLE_LIST(1107),
        /** AuthRoleAddRequest. */
        AUTH_ROLE_ADD(1200),
        /** AuthRoleDeleteRequest. */
        AUTH_ROLE_DELETE(1201),
        /** AuthRoleGetRequest. */
        AUTH_ROLE_GET(1202),
        /** AuthRoleGrantPermissionRequest. */
        AUTH_ROLE_GRANT_PERMISSION(1203),
        /** AuthRoleRevokePermissionRequest. */
        AUTH_ROLE_REVOKE_PERMISSION(1204),
        /** ClusterVersionSetRequest. */
        CLUSTER_VERSION_SET(1300),
        /** ClusterMemberAttrSetRequest. */
        CLUSTER_MEMBER_ATTR_SET(1301),
        /** DowngradeInfoSetRequest. */
        DOWNGRADE_INFO_SET(1302),
        /** DowngradeVersionTestRequest. */
        DOWNGRADE_VERSION_TEST(9900);

        private static final Kind[] ALL = values();

        private final int field;

        Kind(int field) {
            this.field = field;
        }

        /** The request's field number in the envelope; 0 for {@link #NONE}. */
        public int field() {
            return field;
        }

        /** The kind with this field number, {@link #NONE} if there is none. */
        public static Kind of(int field) {
            if (field <= 11) return field < 2 ? NONE : ALL[field - 1]; // fields 2 to 11 follow NONE without a gap
            for (int index = 11; index < ALL.length; index++) {
                if (ALL[index].field == field) return ALL[index];
            }
            return NONE;
        }
    }

    /**
     * The envelope around a request whose bytes are kept as they are. Fields stand in ascending order, as Go writes them:
     * requests 3 to 11, the header, requests from 1000 on.
     */
    public static Bytes encode(Kind kind, Bytes request, RequestHeader header) {
        byte[] username = header.usernameUtf8();
        int headerLength = header.encodedLength(username);
        int length = Wire.sizeOfBytesField(HEADER_FIELD, headerLength)
                + (kind == Kind.NONE ? 0 : Wire.sizeOfBytesField(kind.field, request.length()));
        ProtoWriter writer = new ProtoWriter(length);
        if (kind != Kind.NONE && kind.field < HEADER_FIELD) writer.bytesField(kind.field, request);
        writer.message(HEADER_FIELD, headerLength);
        header.encode(writer, username);
        if (kind.field > HEADER_FIELD) writer.bytesField(kind.field, request);
        return writer.take();
    }

    /**
     * Reads an envelope. No member writes two requests into one; if there are two, the one with the lower field number is
     * taken. A request or header that comes in parts is merged.
     *
     * @throws io.binnacle.api.wire.ProtoFormatException if this is no envelope; a member before 3.6 may have written a
     *     bare legacy Request, which in most cases ends here
     */
    public static RaftRequest decode(Bytes data) {
        long id = 0;
        @Nullable Bytes header = null;
        Kind kind = Kind.NONE;
        Bytes request = Bytes.EMPTY;
        ProtoReader reader = new ProtoReader(data);
        for (int tag; (tag = reader.next()) != 0;) {
            if (tag == ID) {
                id = reader.varint();
            } else if (tag == HEADER) {
                header = ProtoReader.merged(header, reader.bytes());
            } else if ((tag & 7) == Wire.BYTES && Kind.of(ProtoReader.field(tag)) != Kind.NONE) {
                Kind found = Kind.of(ProtoReader.field(tag));
                Bytes part = reader.bytes();
                if (kind == found) {
                    request = ProtoReader.merged(request, part);
                } else if (kind == Kind.NONE || found.field < kind.field) {
                    kind = found;
                    request = part;
                }
            } else {
                reader.skip(tag);
            }
        }
        return new RaftRequest(id, header == null ? null : RequestHeader.decode(header), kind, request);
    }

    /** The id by which the proposer waits: field 1 if it is set, else the header's; 0 if neither is. */
    public long requestId() {
        if (id != 0) return id;
        return header == null ? 0 : header.id();
    }
}
