package io.binnacle.raft.quorum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** An immutable set of member ids in ascending unsigned order. */
public final class IdSet {

    /** Nobody. */
    public static final IdSet EMPTY = new IdSet(new long[0]);

    private final long[] ids;

    private IdSet(long[] ids) {
        this.ids = ids;
    }

    /** The set of these ids. */
    public static IdSet of(long... ids) {
        IdSet set = EMPTY;
        for (long id : ids) set = set.plus(id);
        return set;
    }

    /** The set of these ids. */
    public static IdSet of(Collection<Long> ids) {
        IdSet set = EMPTY;
        for (long id : ids) set = set.plus(id);
        return set;
    }

    /** How many there are. */
    public int size() {
        return ids.length;
    }

    /** Whether there is nobody. */
    public boolean isEmpty() {
        return ids.length == 0;
    }

    /** The id at a place in the order. */
    public long at(int place) {
        return ids[place];
    }

    /** Whether the id is in the set. */
    public boolean contains(long id) {
        return place(id) >= 0;
    }

    /** The place of an id in the order, or -(where it would be) - 1. */
    public int place(long id) {
        for (int place = 0; place < ids.length; place++) { // groups are small
            int order = Long.compareUnsigned(ids[place], id);
            if (order == 0) return place;
            if (order > 0) return -place - 1;
        }
        return -ids.length - 1;
    }

    /** The set with this id. */
    public IdSet plus(long id) {
        int place = place(id);
        if (place >= 0) return this;
        int at = -place - 1;
        long[] more = new long[ids.length + 1];
        System.arraycopy(ids, 0, more, 0, at);
        more[at] = id;
        System.arraycopy(ids, at, more, at + 1, ids.length - at);
        return new IdSet(more);
    }

    /** The set without this id. */
    public IdSet minus(long id) {
        int place = place(id);
        if (place < 0) return this;
        long[] fewer = new long[ids.length - 1];
        System.arraycopy(ids, 0, fewer, 0, place);
        System.arraycopy(ids, place + 1, fewer, place, fewer.length - place);
        return new IdSet(fewer);
    }

    /** All ids of both sets. */
    public IdSet union(IdSet other) {
        IdSet all = this;
        for (long id : other.ids) all = all.plus(id);
        return all;
    }

    /** How many ids are in one of the two sets only. */
    public int differences(IdSet other) {
        int common = 0;
        for (long id : ids) {
            if (other.contains(id)) common++;
        }
        return size() + other.size() - 2 * common;
    }

    /** As a list. */
    public List<Long> toList() {
        List<Long> list = new ArrayList<>(ids.length);
        for (long id : ids) list.add(id);
        return list;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdSet that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** As etcd's logs show it: {@code (1 2 3)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int place = 0; place < ids.length; place++) {
            if (place > 0) text.append(' ');
            text.append(Long.toUnsignedString(ids[place]));
        }
        return text.append(')').toString();
    }
}
