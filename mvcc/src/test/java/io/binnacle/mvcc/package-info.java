/** Tests of the store: against its naive twin, and against what real etcd wrote. */
@NullMarked
package io.binnacle.mvcc;

import org.jspecify.annotations.NullMarked;
