/**
 * The servers under test as processes of this machine: started on loopback ports that the system chose, read through
 * {@code /proc} and {@code /metrics}, ended by process id.
 *
 * <p>Entry point: {@link io.binnacle.bench.process.ServerProcess}. Any thread. Knows nothing of loads and scenarios, nor
 * which server it runs.
 */
@NullMarked
package io.binnacle.bench.process;

import org.jspecify.annotations.NullMarked;
