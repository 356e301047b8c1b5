/** Tests of the index alone. */
@NullMarked
package io.binnacle.mvcc.index;

import org.jspecify.annotations.NullMarked;
