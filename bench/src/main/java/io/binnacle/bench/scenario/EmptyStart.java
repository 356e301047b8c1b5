package io.binnacle.bench.scenario;

import io.binnacle.bench.process.ProcReading;
import io.binnacle.bench.process.ServerProcess;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Starts on an empty directory, and again on what that left; then idles. */
final class EmptyStart implements Scenario {

    private static final long IDLE_MILLIS = 10_000;

    @Override
    public String name() {
        return "start-empty";
    }

    @Override
    public String about() {
        return "from the start of the process to the first linearizable read on an empty directory; then idle for 10 s";
    }

    @Override
    public Figures run(Bed bed) throws IOException, InterruptedException {
        Figures figures = new Figures();
        try (ServerProcess server = bed.fresh()) {
            figures.less("start to serving ms", server.servingNanos() / 1e6);
            ProcReading begun = server.reading();
            TimeUnit.MILLISECONDS.sleep(bed.scale().millis(IDLE_MILLIS));
            ProcReading idle = server.reading();
            figures.less("idle RSS MB", idle.residentBytes() / 1e6);
            figures.less("idle anonymous MB", idle.anonymousBytes() / 1e6);
            double seconds = bed.scale().millis(IDLE_MILLIS) / 1e3;
            figures.less("idle CPU ms/s", (idle.cpuNanos() - begun.cpuNanos()) / 1e6 / seconds);
        }
        try (ServerProcess server = bed.again()) {
            figures.less("second start to serving ms", server.servingNanos() / 1e6);
        }
        return figures;
    }
}
