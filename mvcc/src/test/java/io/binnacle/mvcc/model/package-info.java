/** The naive twin of the store, for comparison: every state is replayed from the list of all changes. One thread. */
@NullMarked
package io.binnacle.mvcc.model;

import org.jspecify.annotations.NullMarked;
