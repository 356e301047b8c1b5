/**
 * The key index: which revisions of which keys there are, without their values.
 *
 * <p>Entry points: {@link io.binnacle.mvcc.index.KeyIndex} for the one writer, {@link
 * io.binnacle.mvcc.index.IndexView} for readers. A copy-on-write B+tree: a view is the root of one moment and stays
 * valid and unchanged for ever; between two views the writer copies a node once and then works on its own copy.
 *
 * <p>Thread: the writer belongs to the apply thread; views may be read by any number of threads once they were
 * published safely. This package knows no storage, no transaction and no request.
 */
@NullMarked
package io.binnacle.mvcc.index;

import org.jspecify.annotations.NullMarked;
