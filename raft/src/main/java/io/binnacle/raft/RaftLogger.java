package io.binnacle.raft;

/** Where the core's log lines go. Called on the consensus thread; must not block. */
public interface RaftLogger {

    /** A port that keeps nothing. */
    RaftLogger SILENT = new RaftLogger() {
        @Override
        public boolean takes(Level level) {
            return false;
        }

        @Override
        public void log(Level level, String line) {}
    };

    /** How much a line matters. */
    enum Level {
        /** For who hunts an error in the core. */
        DEBUG,
        /** Elections, memberships, snapshots. */
        INFO,
        /** Something that should not last. */
        WARN,
        /** Something that should not be. */
        ERROR
    }

    /** Whether lines of this level are wanted: none is formatted otherwise. */
    boolean takes(Level level);

    /** Takes one line, without its end. */
    void log(Level level, String line);
}
