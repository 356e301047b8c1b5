/** Tests of the faulty twins: that they keep the promises of the real ones and break nothing else. */
@NullMarked
package io.binnacle.io.sim;

import org.jspecify.annotations.NullMarked;
