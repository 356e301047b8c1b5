package io.binnacle.bench.scenario;

import io.binnacle.bench.load.Connection;
import io.binnacle.bench.load.H2Load;
import io.binnacle.bench.load.Load;
import io.binnacle.bench.load.Request;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;

/**
 * One client with one call at a time, after the server is warm from load: its latency, syncs and wakes per call.
 *
 * @param name its name
 * @param about what it does
 * @param request what is sent
 * @param requests calls counted, at full scale
 * @param writes whether each call makes a revision
 */
record LoneStream(String name, String about, Request request, long requests, boolean writes) implements Scenario {

    private static final long WARM_UP = 100_000;

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        try (ServerProcess server = bed.fresh(); Connection connection = Connection.to(server.clientPort())) {
            connection.await(Request.put(Throughput.EXISTING, Throughput.VALUE_BYTES), 60);
            new H2Load(request, 10, 100).run(server, bed.scale().count(WARM_UP));
            Load lone = new H2Load(request, 1, 1);
            lone.run(server, bed.scale().count(requests / 4));
            return Throughput.measure(server, lone, bed.scale().count(requests), writes);
        }
    }
}
