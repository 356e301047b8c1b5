package io.binnacle.backend;

import io.binnacle.bolt.BoltFile;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One open database file. A received snapshot replaces it as a whole; the old one stays open, with its mapping and its
 * lock, until the backend and the last pin have left it. Safe for all threads.
 */
final class Generation {
    private final BoltFile file;
    private final AtomicInteger users = new AtomicInteger(1);

    Generation(BoltFile file) {
        this.file = file;
    }

    /** The file; its writing side belongs to the committer. */
    BoltFile file() {
        return file;
    }

    /** Pins the newest committed state; for whoever keeps the generation from ending. */
    FilePin pin() {
        users.getAndIncrement();
        return FilePin.newest(this);
    }

    /** Whether anybody reads a state older than the newest: the backend and its newest pin are two users. */
    boolean hasOlderPins() {
        return users.get() > 2;
    }

    void leave() {
        if (users.decrementAndGet() == 0) file.close();
    }
}
