package io.binnacle.bench.scenario;

import java.io.IOException;

/** A program that a scenario needs is not on this machine; the scenario is left out. */
public final class MissingTool extends IOException {

    MissingTool(String what) {
        super("needs " + what);
    }
}
