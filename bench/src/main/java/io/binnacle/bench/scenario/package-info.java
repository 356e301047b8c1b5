/**
 * What is measured: one class for each kind of scenario, and {@link io.binnacle.bench.scenario.Scenarios} with their
 * names and sizes.
 *
 * <p>A scenario runs on the caller's thread against one server at a time and answers {@link
 * io.binnacle.bench.scenario.Figures}. It does not know which server it is, nor how figures are compared.
 */
@NullMarked
package io.binnacle.bench.scenario;

import org.jspecify.annotations.NullMarked;
