package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The buckets of etcd's file. All are top level, and all but {@link #TEST} exist in every file. Names: formats.md
 * section 7.
 */
public enum Bucket {
    /** Revision key to encoded {@code mvccpb.KeyValue}. */
    KEY("key"),
    /** Consistent index, term, configuration of the cluster, progress of compaction, storage version. */
    META("meta"),
    /** Lease id to encoded lease. */
    LEASE("lease"),
    /** Encoded alarms to nothing. */
    ALARM("alarm"),
    /** Version of the cluster and a downgrade under way. */
    CLUSTER("cluster"),
    /** Member id to its JSON. */
    MEMBERS("members"),
    /** Ids of removed members. */
    MEMBERS_REMOVED("members_removed"),
    /** Whether authentication is on, and its revision. */
    AUTH("auth"),
    /** User name to encoded user. */
    AUTH_USERS("authUsers"),
    /** Role name to encoded role. */
    AUTH_ROLES("authRoles"),
    /** For tests; made in the file by the first write to it. */
    TEST("test");

    /** How many there are. */
    static final int COUNT = values().length;

    private static final List<Bucket> BY_NAME = Stream.of(values())
            .sorted(Comparator.comparing(Bucket::bucketName))
            .toList();

    @SuppressWarnings("ImmutableEnumChecker") // Bytes is immutable, but room base has no annotation to say so
    private final Bytes bucketName;

    Bucket(String bucketName) {
        this.bucketName = Bytes.utf8(bucketName);
    }

    /** The name in the file. */
    public Bytes bucketName() {
        return bucketName;
    }

    /** A place in arrays with one element a bucket; below {@link #COUNT}. */
    @SuppressWarnings("EnumOrdinal") // the arrays live in memory only, so the order of declaration is no format
    int slot() {
        return ordinal();
    }

    /** All buckets in the order of their names in the file, which is the order in which hashes walk them. */
    public static List<Bucket> byName() {
        return BY_NAME;
    }
}
