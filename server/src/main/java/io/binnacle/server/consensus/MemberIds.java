package io.binnacle.server.consensus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeSet;

/** Ids of members and of the cluster, as etcd makes them at bootstrap (shared contract: formats.md §10.1). */
public final class MemberIds {

    private MemberIds() {}

    /** A founder's id: from its peer URLs, sorted, and the cluster token. */
    public static long member(List<String> peerUrls, String token) {
        return firstEight((String.join("", new TreeSet<>(peerUrls)) + token).getBytes(StandardCharsets.UTF_8));
    }

    /** The cluster's id: from those of its founders. */
    public static long cluster(List<Long> members) {
        ByteBuffer ids = ByteBuffer.allocate(8 * members.size());
        members.stream().sorted(Long::compareUnsigned).forEach(ids::putLong);
        return firstEight(ids.array());
    }

    private static long firstEight(byte[] input) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(input)).getLong();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-1", missing);
        }
    }
}
