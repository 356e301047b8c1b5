package io.binnacle.backend;

/**
 * One online defragmentation: live pages move towards the front of the file in small write transactions between
 * ordinary commits, then the end of the file is cut. Reads and applies go on. Safe for all threads.
 */
public interface DefragmentJob {

    /** How far it is. */
    enum State {
        /** Pages are being moved. */
        RUNNING,
        /** The file is as small as it gets. */
        DONE,
        /** Stopped by {@link #cancel()}; what was gained so far stays. */
        CANCELLED,
        /** The disk failed, or the backend was closed or replaced. */
        FAILED
    }

    /** How far it is. */
    State state();

    /** Logical size of the file in bytes when the job began. */
    long bytesBefore();

    /** Logical size of the file in bytes now, or when the job ended. */
    long bytesAfter();

    /** Pages moved so far. */
    long pagesMoved();

    /** Estimated part that is done, 0 to 1. */
    double progress();

    /** Asks the committer to stop the job after its current step. */
    void cancel();

    /** Runs the action once when the state is no longer {@link State#RUNNING}, at once or on the committer's thread. */
    void onSettled(Runnable action);
}
