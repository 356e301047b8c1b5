package io.binnacle.mvcc.model;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests over a handful of keys, with all options, sensible or not. */
public final class RandomRequests {

    private final RandomGenerator random;
    private final List<Bytes> keys;

    public RandomRequests(RandomGenerator random, int keyCount) {
        this.random = random;
        this.keys = new ArrayList<>();
        for (int key = 0; key < keyCount; key++) {
            keys.add(Bytes.utf8(key % 7 == 3 ? "k" : "key/" + Integer.toString(key * 37 % 1000, 36)));
        }
        keys.add(Bytes.of(new byte[] {(byte) 0xff}));
    }

    public Bytes key() {
        return keys.get(random.nextInt(keys.size()));
    }

    private Bytes rangeEnd() {
        return switch (random.nextInt(4)) {
            case 0, 1 -> Bytes.EMPTY;
            case 2 -> Bytes.of(new byte[1]);
            default -> key();
        };
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private Bytes value() {
        return Bytes.utf8("v".repeat(random.nextInt(4)) + random.nextInt(3));
    }

    public long revision(long current) {
        return oneIn(2) ? 0 : random.nextLong(-2, current + 2);
    }

    private long bound(long current) {
        return oneIn(4) ? random.nextLong(-1, current + 2) : 0;
    }

    public Range range(long current) {
        boolean sorted = oneIn(2);
        boolean filtered = oneIn(3);
        return new Range(key(), rangeEnd(), random.nextInt(-1, 5), revision(current),
                sorted ? random.nextInt(3) : 0, sorted ? random.nextInt(5) : 0, oneIn(2), oneIn(4), oneIn(8),
                filtered ? bound(current) : 0, filtered ? bound(current) : 0,
                filtered ? bound(current) : 0, filtered ? bound(current) : 0);
    }

    /** A put that passes the checks of its own. */
    public Put put() {
        boolean ignoreValue = oneIn(8);
        boolean ignoreLease = oneIn(8);
        long lease = oneIn(3) ? random.nextLong(-1, 4) : 0;
        return new Put(key(), ignoreValue ? Bytes.EMPTY : value(), ignoreLease ? 0 : lease, oneIn(3), ignoreValue,
                ignoreLease);
    }

    public DeleteRange deleteRange() {
        return new DeleteRange(key(), rangeEnd(), oneIn(2));
    }

    public Compare compare(long current) {
        int target = random.nextInt(6);
        int field = oneIn(6) ? random.nextInt(9) : 4 + target;
        if (field < 4 || field > 8) field = 0;
        boolean value = field == 7;
        long number = random.nextLong(0, field == 4 ? 4 : current + 2);
        return new Compare(random.nextInt(5), target, key(), field, value || field == 0 ? 0 : number,
                value ? value() : Bytes.EMPTY, oneIn(3) ? rangeEnd() : Bytes.EMPTY);
    }

    public Txn txn(long current, int depth) {
        List<Compare> compares = new ArrayList<>();
        while (!oneIn(2)) compares.add(compare(current));
        return new Txn(compares, ops(current, depth), ops(current, depth));
    }

    private List<Op> ops(long current, int depth) {
        List<Op> ops = new ArrayList<>();
        while (!oneIn(3)) {
            ops.add(switch (random.nextInt(depth > 0 ? 5 : 4)) {
                case 0 -> range(current);
                case 1, 2 -> put();
                case 3 -> deleteRange();
                default -> txn(current, depth - 1);
            });
        }
        return ops;
    }

    public Txn readTxn(long current) {
        Txn any = txn(current, 0);
        return new Txn(any.compares(), any.success().stream().filter(op -> op instanceof Range).toList(),
                any.failure().stream().filter(op -> op instanceof Range).toList());
    }
}
