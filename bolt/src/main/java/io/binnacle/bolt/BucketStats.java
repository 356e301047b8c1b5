package io.binnacle.bolt;

/**
 * Size of one bucket, counted as bbolt's {@code Bucket.Stats} does: an inline bucket has no pages of its own.
 *
 * @param inline whether it lies inside its value in the bucket of buckets
 * @param depth pages from root to leaf, both included
 * @param keys keys in it
 * @param branchPages branch pages, without overflow
 * @param branchOverflow further pages of branch pages
 * @param branchInuseBytes bytes of branch pages that mean something
 * @param leafPages leaf pages, without overflow
 * @param leafOverflow further pages of leaf pages
 * @param leafInuseBytes bytes of leaf pages that mean something
 */
public record BucketStats(
        boolean inline,
        int depth,
        long keys,
        long branchPages,
        long branchOverflow,
        long branchInuseBytes,
        long leafPages,
        long leafOverflow,
        long leafInuseBytes) {

    static BucketStats of(BoltBucket bucket) {
        if (bucket.isInline()) return new BucketStats(true, 1, bucket.keyCount(), 0, 0, 0, 0, 0, 0);
        return below(bucket, bucket.rootPage(), 0);
    }

    private static BucketStats below(BoltBucket bucket, Page page, int depth) {
        if (page.leaf) return new BucketStats(false, 1, page.count, 0, 0, 0, 1, page.span - 1, page.usedBytes());
        if (depth == BoltCursor.DEPTH_MAX) throw BoltException.corrupt(page.id, "lies too deep");
        BucketStats sum = new BucketStats(false, 1, 0, 1, page.span - 1, page.usedBytes(), 0, 0, 0);
        for (int index = 0; index < page.count; index++) {
            sum = sum.plusChild(below(bucket, bucket.load(page.child(index)), depth + 1));
        }
        return sum;
    }

    private BucketStats plusChild(BucketStats child) {
        return new BucketStats(false, Math.max(depth, child.depth + 1), keys + child.keys,
                branchPages + child.branchPages, branchOverflow + child.branchOverflow, branchInuseBytes + child.branchInuseBytes,
                leafPages + child.leafPages, leafOverflow + child.leafOverflow, leafInuseBytes + child.leafInuseBytes);
    }
}
