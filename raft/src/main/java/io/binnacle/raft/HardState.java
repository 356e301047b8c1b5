package io.binnacle.raft;

/**
 * What must be durable before any message that promises it leaves: thesis figure 3.1, with the commit index for a
 * quicker restart. Only a changed term or vote needs a sync of its own.
 *
 * @param term newest term seen
 * @param vote whom this member voted for in that term, 0: nobody
 * @param commit highest index known to be committed
 */
public record HardState(long term, long vote, long commit) {

    /** Of a member that has never heard of anything. */
    public static final HardState EMPTY = new HardState(0, 0, 0);

    /** Whether nothing is set. */
    public boolean isEmpty() {
        return term == 0 && vote == 0 && commit == 0;
    }
}
