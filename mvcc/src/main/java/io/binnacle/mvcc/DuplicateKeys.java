package io.binnacle.mvcc;

import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Txn;
import io.binnacle.base.Bytes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rule that no path of a transaction puts a key twice, or puts and deletes it, with etcd's own idea of paths (api.md
 * 4.4). A deletion "from a key on" counts as the empty interval that its bytes spell: a hole that is part of the API.
 */
final class DuplicateKeys {

    /** Thrown through the recursion when a key is found twice; carries nothing. */
    private static final class Found extends Exception {
        private static final long serialVersionUID = 1L;

        Found() {
            super(null, null, false, false);
        }
    }

    private final Set<Bytes> puts = new HashSet<>();
    /** Disjoint intervals, start to end, the end exclusive. */
    private final TreeMap<Bytes, Bytes> deletions = new TreeMap<>();

    private DuplicateKeys() {}

    /** Whether either list of the transaction breaks the rule; the two may put the same key. */
    static boolean within(Txn request) {
        try {
            of(request.success());
            of(request.failure());
            return false;
        } catch (Found _) {
            return true;
        }
    }

    private static DuplicateKeys of(List<Op> ops) throws Found {
        DuplicateKeys all = new DuplicateKeys();
        for (Op op : ops) if (op instanceof DeleteRange delete) all.addDeletion(delete);
        for (Op op : ops) if (op instanceof Txn txn) all.addNested(txn);
        for (Op op : ops) if (op instanceof Put put) all.addPut(put.key());
        return all;
    }

    /** Only one of the nested branches will run, so they may put the same key; what came before forbids both. */
    private void addNested(Txn nested) throws Found {
        DuplicateKeys success = of(nested.success());
        DuplicateKeys failure = of(nested.failure());
        for (Bytes key : success.puts) addPut(key);
        for (Bytes key : failure.puts) {
            if (deleted(key)) throw new Found();
            if (!puts.add(key) && !success.puts.contains(key)) throw new Found();
        }
        success.deletions.forEach(this::addInterval);
        failure.deletions.forEach(this::addInterval);
    }

    private void addPut(Bytes key) throws Found {
        if (deleted(key) || !puts.add(key)) throw new Found();
    }

    private boolean deleted(Bytes key) {
        Map.Entry<Bytes, Bytes> at = deletions.floorEntry(key);
        return at != null && key.compareTo(at.getValue()) < 0;
    }

    private void addDeletion(DeleteRange delete) {
        boolean point = delete.rangeEnd().isEmpty();
        addInterval(delete.key(), point ? delete.key().append((byte) 0) : delete.rangeEnd());
    }

    private void addInterval(Bytes from, Bytes to) {
        if (to.compareTo(from) <= 0) return;
        Bytes start = from;
        Bytes end = to;
        Map.Entry<Bytes, Bytes> before = deletions.floorEntry(from);
        if (before != null && before.getValue().compareTo(from) >= 0) start = before.getKey();
        for (Map.Entry<Bytes, Bytes> next = deletions.ceilingEntry(start);
                next != null && next.getKey().compareTo(end) <= 0;
                next = deletions.ceilingEntry(start)) {
            if (next.getValue().compareTo(end) > 0) end = next.getValue();
            deletions.remove(next.getKey());
        }
        deletions.put(start, end);
    }
}
