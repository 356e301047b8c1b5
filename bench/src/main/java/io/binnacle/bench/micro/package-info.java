/**
 * JMH on the hot paths: codec, index, page search, apply. Run by {@code bin/bench micro [ARGUMENTS]}; add {@code -prof gc}
 * for bytes allocated per operation.
 *
 * <p>Entry points: each class is a benchmark of its own. One thread each. Knows the rooms it measures and nothing of the
 * rest of this module.
 */
@NullMarked
package io.binnacle.bench.micro;

import org.jspecify.annotations.NullMarked;
