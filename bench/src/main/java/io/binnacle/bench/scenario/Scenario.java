package io.binnacle.bench.scenario;

import java.io.IOException;

/** Something to measure on one server. */
public interface Scenario {

    /** Its name on the command line. */
    String name();

    /** What it does, in one sentence. */
    String about();

    /** Runs it once. */
    Figures run(Bed bed) throws IOException, InterruptedException;
}
