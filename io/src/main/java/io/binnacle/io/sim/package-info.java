/**
 * The faulty twins of the real world: a disk that loses what was not synced, clocks that drift and jump, and a
 * scheduler that runs agents on one thread in an order drawn from a seed. They are main code because the tests of every
 * room above and the simulator are built on them; a production member never touches this package.
 *
 * <p>Entry points: {@link io.binnacle.io.sim.SimDisk}, {@link io.binnacle.io.sim.SimClock},
 * {@link io.binnacle.io.sim.SimScheduler}. Same seed, same calls, same outcome, in another JVM too.
 */
@NullMarked
package io.binnacle.io.sim;

import org.jspecify.annotations.NullMarked;
