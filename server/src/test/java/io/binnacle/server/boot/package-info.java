/** Tests of this package. */
@NullMarked
package io.binnacle.server.boot;

import org.jspecify.annotations.NullMarked;
