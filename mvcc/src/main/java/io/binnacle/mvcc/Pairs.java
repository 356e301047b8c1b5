package io.binnacle.mvcc;

import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.IndexView;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pairs of a range's answer in their order, without their values. Can be walked more than once. */
sealed interface Pairs {

    /** Goes to the next pair; false at the end. */
    boolean next();

    /** Its key. */
    Bytes key();

    /** Its revision; valid until the next step. */
    KeyRevision revision();

    /** Its record where that had to be read already, else null. */
    @Nullable Bytes record();

    /** Goes back before the first pair. */
    void rewind();

    /** Pairs as a walk over the index meets them: nothing is held. */
    final class Walked implements Pairs {
        private final IndexView index;
        private final KeyRange keys;
        private final long at;
        private final RevisionFilter filter;
        private final long pairsMax;
        private IndexCursor cursor;
        private long given;

        Walked(IndexView index, KeyRange keys, long at, RevisionFilter filter, long pairsMax) {
            this.index = index;
            this.keys = keys;
            this.at = at;
            this.filter = filter;
            this.pairsMax = pairsMax;
            this.cursor = index.cursor(keys, at);
        }

        @Override
        public boolean next() {
            return given < pairsMax && more();
        }

        /** Whether there is one more, the limit aside; goes there. */
        boolean more() {
            while (cursor.next()) {
                if (!filter.accepts(cursor.revision())) continue;
                given++;
                return true;
            }
            return false;
        }

        @Override
        public Bytes key() {
            return cursor.key();
        }

        @Override
        public KeyRevision revision() {
            return cursor.revision();
        }

        @Override
        public @Nullable Bytes record() {
            return null;
        }

        @Override
        public void rewind() {
            cursor = index.cursor(keys, at);
            given = 0;
        }
    }

    /** One pair of a sorted answer; the record is held only where the value decides its place. */
    record Item(Bytes key, KeyRevision revision, @Nullable Bytes record) {}

    /** Pairs in an order of their own. */
    final class Sorted implements Pairs {
        private final List<Item> items;
        private int at = -1;

        Sorted(List<Item> items) {
            this.items = items;
        }

        @Override
        public boolean next() {
            return ++at < items.size();
        }

        @Override
        public Bytes key() {
            return items.get(at).key();
        }

        @Override
        public KeyRevision revision() {
            return items.get(at).revision();
        }

        @Override
        public @Nullable Bytes record() {
            return items.get(at).record();
        }

        @Override
        public void rewind() {
            at = -1;
        }
    }
}
