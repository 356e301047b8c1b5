package io.binnacle.bench.load;

import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;

/** A way to send one kind of request many times. Closed by whoever made it. */
public interface Load extends AutoCloseable {

    /** Sends so many and waits for the answers; bounded in time. */
    LoadResult run(ServerProcess server, long requests) throws IOException, InterruptedException;

    /** The method of its requests. */
    Method method();

    @Override
    default void close() {}
}
