/** Tests of this package. */
@NullMarked
package io.binnacle.server.consensus;

import org.jspecify.annotations.NullMarked;
