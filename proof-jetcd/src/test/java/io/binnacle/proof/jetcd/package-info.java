/**
 * What a Java program does with the server through jetcd, against a server process.
 *
 * <p>Entry points are the {@code *IT} classes; each starts one server and talks to it from its own thread. {@code BINNACLE_SERVER}
 * names another server, such as real etcd's, on which all of this must hold too. Knows nothing of the server but its command line.
 */
@NullMarked
package io.binnacle.proof.jetcd;

import org.jspecify.annotations.NullMarked;
