package io.binnacle.raft.tracker;

import io.binnacle.raft.quorum.IdSet;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The progress of each member in ascending order of ids. Immutable as a map; its values change. */
public final class ProgressMap {

    /** Of nobody. */
    public static final ProgressMap EMPTY = new ProgressMap(IdSet.EMPTY, new Progress[0]);

    private final IdSet ids;
    private final Progress[] values;

    private ProgressMap(IdSet ids, Progress[] values) {
        this.ids = ids;
        this.values = values;
    }

    /** How many members there are. */
    public int size() {
        return values.length;
    }

    /** The id at a place in the order. */
    public long idAt(int place) {
        return ids.at(place);
    }

    /** The progress at a place in the order. */
    public Progress at(int place) {
        return values[place];
    }

    /** The progress of a member, or null. */
    public @Nullable Progress get(long id) {
        int place = ids.place(id);
        return place < 0 ? null : values[place];
    }

    /** The progress of somebody who must be a member. */
    public Progress of(long id) {
        return Objects.requireNonNull(get(id), "no member of that id");
    }

    /** The map with one more member. */
    public ProgressMap plus(long id, Progress progress) {
        ProgressMap without = minus(id);
        int at = -without.ids.place(id) - 1;
        Progress[] more = Arrays.copyOf(without.values, without.values.length + 1);
        System.arraycopy(without.values, at, more, at + 1, without.values.length - at);
        more[at] = progress;
        return new ProgressMap(without.ids.plus(id), more);
    }

    /** The map without a member. */
    public ProgressMap minus(long id) {
        int place = ids.place(id);
        if (place < 0) return this;
        Progress[] fewer = Arrays.copyOf(values, values.length - 1);
        System.arraycopy(values, place + 1, fewer, place, fewer.length - place);
        return new ProgressMap(ids.minus(id), fewer);
    }

    /** A map whose values can be changed without those of this one being. */
    public ProgressMap copy() {
        Progress[] copies = new Progress[values.length];
        for (int at = 0; at < copies.length; at++) copies[at] = values[at].copy();
        return new ProgressMap(ids, copies);
    }

    /** One line a member. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < values.length; at++) {
            text.append(Long.toUnsignedString(ids.at(at))).append(": ").append(values[at]).append('\n');
        }
        return text.toString();
    }
}
