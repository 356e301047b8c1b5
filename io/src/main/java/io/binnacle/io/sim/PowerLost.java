package io.binnacle.io.sim;

import java.io.IOException;

/** The simulated machine is off: what every operation on files opened before a power loss or crash ends in. */
public final class PowerLost extends IOException {
    private static final long serialVersionUID = 1L;

    PowerLost(String operation) {
        super(operation + ": power lost");
    }
}
