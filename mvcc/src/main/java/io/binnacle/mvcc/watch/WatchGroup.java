package io.binnacle.mvcc.watch;

import io.binnacle.mvcc.index.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All watchers of a shard that watch the same range: they are matched once. Its range never changes; the rest is the loop's. */
final class WatchGroup {

    final KeyRange range;
    private @Nullable Watcher[] members = new Watcher[1];
    private int count;

    WatchGroup(KeyRange range) {
        this.range = range;
    }

    int count() {
        return count;
    }

    /** The member at a place; null if there is none: members may leave while others are served. */
    @Nullable Watcher member(int place) {
        return place < count ? members[place] : null;
    }

    void add(Watcher watcher) {
        if (count == members.length) members = Arrays.copyOf(members, 2 * count);
        watcher.place = count;
        members[count++] = watcher;
    }

    /** Takes a member out; the last one takes its place. */
    void remove(Watcher watcher) {
        Watcher last = members[--count];
        members[count] = null;
        if (last == watcher || last == null) return;
        members[watcher.place] = last;
        last.place = watcher.place;
    }
}
