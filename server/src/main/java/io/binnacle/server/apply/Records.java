package io.binnacle.server.apply;

import io.binnacle.backend.Backend;
import io.binnacle.backend.BackendView;
import io.binnacle.backend.Bucket;
import io.binnacle.base.Bytes;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads small buckets whole, at start. */
final class Records {

    private Records() {}

    /** All pairs of a bucket, which must be small. */
    static NavigableMap<Bytes, Bytes> all(Backend backend, Bucket bucket) {
        TreeMap<Bytes, Bytes> pairs = new TreeMap<>();
        BackendView view = backend.view();
        try {
            view.scan(bucket, Bytes.EMPTY, null, (key, value) -> {
                pairs.put(key, value);
                return true;
            });
        } finally {
            view.release();
        }
        return pairs;
    }

    /** One value, null if there is none. */
    static @Nullable Bytes get(Backend backend, Bucket bucket, Bytes key) {
        BackendView view = backend.view();
        try {
            return view.get(bucket, key);
        } finally {
            view.release();
        }
    }
}
