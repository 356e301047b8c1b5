/**
 * Flags, configuration and {@code main}: wires the agents of one member and decides nothing else; health, metrics and
 * logs of the process.
 *
 * <p>Entry point is {@code Etcd}. This is the one package that knows all others.
 */
@NullMarked
package io.binnacle.server.boot;

import org.jspecify.annotations.NullMarked;
