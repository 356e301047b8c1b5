package io.binnacle.raft;

/** Member ids are unsigned 64-bit numbers; three of them mean nobody in the group. */
public final class NodeId {

    /** Nobody. */
    public static final long NONE = 0;
    /** The member's own log writer, in asynchronous mode. */
    public static final long APPEND_THREAD = -1;
    /** The member's own apply loop, in asynchronous mode. */
    public static final long APPLY_THREAD = -2;

    private NodeId() {}

    /** The id as etcd's logs show it. */
    public static String hex(long id) {
        return Long.toHexString(id);
    }

    /** Whether the id names one of the member's own agents. */
    public static boolean isLocalAgent(long id) {
        return id == APPEND_THREAD || id == APPLY_THREAD;
    }
}
