/**
 * Load on a server: h2load, etcd's {@code benchmark}, and a generator of our own on grpc-java with requests as ready
 * bytes, so that the client costs little beside the server.
 *
 * <p>Entry points: {@link io.binnacle.bench.load.ClosedLoop} (as fast as it answers), {@link
 * io.binnacle.bench.load.PacedLoop} (at a fixed rate), {@link io.binnacle.bench.load.H2Load}. Each is driven by the
 * caller's thread; answers arrive on the connections' one event loop. Knows nothing of scenarios.
 */
@NullMarked
package io.binnacle.bench.load;

import org.jspecify.annotations.NullMarked;
