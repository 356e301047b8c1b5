package io.binnacle.backend;

import io.binnacle.base.Bytes;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sorted maps of the model, one for each bucket that exists. Guarded by whoever owns them. */
final class ModelContents {
    private final Map<Bucket, TreeMap<Bytes, Bytes>> buckets = new EnumMap<>(Bucket.class);

    ModelContents() {
        for (Bucket bucket : Bucket.values()) {
            if (bucket != Bucket.TEST) buckets.put(bucket, new TreeMap<>());
        }
    }

    ModelContents copy() {
        ModelContents copy = new ModelContents();
        copy.assign(this);
        return copy;
    }

    void assign(ModelContents other) {
        buckets.clear();
        other.buckets.forEach((bucket, pairs) -> buckets.put(bucket, new TreeMap<>(pairs)));
    }

    void apply(Bucket bucket, Bytes key, @Nullable Bytes value) {
        if (value != null) {
            buckets.computeIfAbsent(bucket, _ -> new TreeMap<>()).put(key, value);
        } else if (buckets.containsKey(bucket)) {
            pairs(bucket).remove(key);
        }
    }

    /** The pairs of a bucket; empty if it does not exist. */
    SortedMap<Bytes, Bytes> pairs(Bucket bucket) {
        return buckets.getOrDefault(bucket, new TreeMap<>());
    }

    boolean exists(Bucket bucket) {
        return buckets.containsKey(bucket);
    }

    void consistent(long index, long term) {
        if (index != 0) apply(Bucket.META, MetaKeys.CONSISTENT_INDEX, MetaKeys.number(index));
        if (index != 0 && term != 0) apply(Bucket.META, MetaKeys.TERM, MetaKeys.number(term));
    }

    long consistentIndex() {
        return MetaKeys.number(pairs(Bucket.META).get(MetaKeys.CONSISTENT_INDEX));
    }

    long consistentTerm() {
        return MetaKeys.number(pairs(Bucket.META).get(MetaKeys.TERM));
    }

    long bytes() {
        long bytes = 0;
        for (TreeMap<Bytes, Bytes> pairs : buckets.values()) {
            for (Map.Entry<Bytes, Bytes> pair : pairs.entrySet()) {
                bytes += pair.getKey().length() + pair.getValue().length();
            }
        }
        return bytes;
    }

    void scan(Bucket bucket, Bytes from, @Nullable Bytes to, BackendView.ScanVisitor visitor) {
        if (to != null && from.compareTo(to) >= 0) return;
        SortedMap<Bytes, Bytes> pairs = pairs(bucket);
        SortedMap<Bytes, Bytes> range = to == null ? pairs.tailMap(from) : pairs.subMap(from, to);
        for (Map.Entry<Bytes, Bytes> pair : range.entrySet()) {
            if (!visitor.accept(pair.getKey(), pair.getValue())) return;
        }
    }
}
