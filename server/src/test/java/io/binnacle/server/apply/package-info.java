/** Tests of this package. */
@NullMarked
package io.binnacle.server.apply;

import org.jspecify.annotations.NullMarked;
