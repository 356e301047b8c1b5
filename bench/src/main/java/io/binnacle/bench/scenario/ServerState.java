package io.binnacle.bench.scenario;

import io.binnacle.api.wire.ProtoReader;
import io.binnacle.base.Bytes;
import io.binnacle.bench.load.Connection;
import io.binnacle.bench.load.Method;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;

/** Numbers that a server answers about itself. */
final class ServerState {

    private static final int HEADER = 1 << 3 | 2;
    private static final int REVISION = 3 << 3;
    private static final int DB_SIZE = 3 << 3;
    private static final long SECONDS_MAX = 60;

    private ServerState() {}

    /** The store's revision, by a linearizable read. */
    static long revision(ServerProcess server) throws IOException, InterruptedException {
        return ask(server, Request.probe(), true);
    }

    /** The size of the {@code db} file in bytes. */
    static long dbSizeBytes(ServerProcess server) throws IOException, InterruptedException {
        return ask(server, Request.empty(Method.STATUS), false);
    }

    private static long ask(ServerProcess server, Request request, boolean inHeader) throws IOException, InterruptedException {
        try (Connection connection = Connection.to(server.clientPort())) {
            ProtoReader reader = new ProtoReader(Bytes.of(connection.await(request, SECONDS_MAX)));
            return inHeader ? varint(new ProtoReader(header(reader)), REVISION) : varint(reader, DB_SIZE);
        }
    }

    private static Bytes header(ProtoReader reader) throws IOException {
        for (int tag; (tag = reader.next()) != 0;) {
            if (tag == HEADER) return reader.bytes();
            reader.skip(tag);
        }
        throw new IOException("an answer without a header");
    }

    private static long varint(ProtoReader reader, int wanted) {
        for (int tag; (tag = reader.next()) != 0;) {
            if (tag == wanted) return reader.varint();
            reader.skip(tag);
        }
        return 0;
    }
}
