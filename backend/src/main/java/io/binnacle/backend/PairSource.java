package io.binnacle.backend;

import io.binnacle.base.Bytes;
import io.binnacle.bolt.BoltCursor;
import org.jspecify.annotations.Nullable;

/** Pairs in ascending order of keys, from one layer of a view. Stands before its first pair when made. */
sealed interface PairSource {

    /** Goes to the next pair; false if there is none. */
    boolean advance();

    /** The key here. */
    Bytes key();

    /** The value here, or {@link OverlayMap#TOMBSTONE}. */
    Bytes value();

    /** The pairs of a captured overlay from a key on. */
    final class OfOverlay implements PairSource {
        private static final int DEPTH_MAX = 16; // 16^16 entries would not fit in memory

        private final OverlayMap.@Nullable Node[] path = new OverlayMap.@Nullable Node[DEPTH_MAX];
        private final int[] indexes = new int[DEPTH_MAX];
        private int depth;

        OfOverlay(OverlayMap.Node root, Bytes from) {
            OverlayMap.Node node = root;
            while (!node.leaf) {
                int at = Math.max(0, node.floor(from));
                push(node, at);
                node = node.child(at);
            }
            int at = node.floor(from);
            boolean exact = at >= 0 && node.keys[at].equals(from);
            push(node, exact ? at - 1 : at); // advance() steps onto the first pair
        }

        @Override
        public boolean advance() {
            while (depth > 0) {
                OverlayMap.Node node = top();
                int at = ++indexes[depth - 1];
                if (at >= node.count) {
                    depth--;
                } else if (node.leaf) {
                    return true;
                } else {
                    push(node.child(at), -1);
                }
            }
            return false;
        }

        @Override
        public Bytes key() {
            return top().keys[indexes[depth - 1]];
        }

        @Override
        public Bytes value() {
            return top().value(indexes[depth - 1]);
        }

        private OverlayMap.Node top() {
            OverlayMap.Node node = path[depth - 1];
            if (node == null) throw new IllegalStateException("no node on the path");
            return node;
        }

        private void push(OverlayMap.Node node, int index) {
            path[depth] = node;
            indexes[depth++] = index;
        }
    }

    /** The pairs of a captured run of revisions from a place on. */
    final class OfRun implements PairSource {
        private final RevisionRun.Captured run;
        private int at;

        OfRun(RevisionRun.Captured run, Bytes from) {
            this.run = run;
            this.at = run.lowerBound(from) - 1;
        }

        @Override
        public boolean advance() {
            return ++at < run.count();
        }

        @Override
        public Bytes key() {
            return run.key(at);
        }

        @Override
        public Bytes value() {
            return run.value(at);
        }
    }

    /** The pairs of a bucket of the file from a key on. */
    final class OfFile implements PairSource {
        private final BoltCursor cursor;
        private final Bytes from;
        private boolean begun;

        OfFile(BoltCursor cursor, Bytes from) {
            this.cursor = cursor;
            this.from = from;
        }

        @Override
        public boolean advance() {
            if (begun) return cursor.next();
            begun = true;
            return from.isEmpty() ? cursor.first() : cursor.seek(from);
        }

        @Override
        public Bytes key() {
            return cursor.key();
        }

        @Override
        public Bytes value() {
            return cursor.value();
        }
    }
}
