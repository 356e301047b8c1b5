/**
 * Two servers under the same load in turns on one machine, and the ratio between them.
 *
 * <p>Entry point: {@link io.binnacle.bench.Bench}, run by {@code bin/bench}. One thread. Knows servers as command lines
 * only, never their classes.
 */
@NullMarked
package io.binnacle.bench;

import org.jspecify.annotations.NullMarked;
