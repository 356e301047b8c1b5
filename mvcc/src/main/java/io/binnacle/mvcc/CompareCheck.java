package io.binnacle.mvcc;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.base.Bytes;
import io.binnacle.mvcc.index.IndexCursor;
import io.binnacle.mvcc.index.KeyRange;
import io.binnacle.mvcc.index.KeyRevision;
import java.util.List;

/** The guards of a transaction, evaluated on one state (api.md 4.3). */
final class CompareCheck {

    private static final int EQUAL = 0;
    private static final int GREATER = 1;
    private static final int LESS = 2;
    private static final int NOT_EQUAL = 3;

    private static final int VERSION = 0;
    private static final int CREATE = 1;
    private static final int MOD = 2;
    private static final int VALUE = 3;
    private static final int LEASE = 4;
    /** The operand of each target, in the order of the targets, is a field of its own. */
    private static final int OPERAND_FIELD_FIRST = 4;

    private final ReadState state;
    private final KeyRevision cell = new KeyRevision();

    CompareCheck(ReadState state) {
        this.state = state;
    }

    boolean allHold(List<Compare> compares) {
        for (Compare compare : compares) if (!holds(compare)) return false;
        return true;
    }

    private boolean holds(Compare compare) {
        if (compare.rangeEnd().isEmpty()) {
            return state.index().findLive(compare.key(), state.revision(), cell)
                    ? holds(compare, cell) : holdsOfNothing(compare);
        }
        KeyRange range = KeyRange.of(compare.key(), compare.rangeEnd());
        IndexCursor cursor = state.index().cursor(range, state.revision());
        boolean any = false;
        while (cursor.next()) {
            any = true;
            if (!holds(compare, cursor.revision())) return false;
        }
        return any || holdsOfNothing(compare);
    }

    /** Where no key exists: as if one of all zeros did, but nothing can be said of a value that is not there. */
    private static boolean holdsOfNothing(Compare compare) {
        return compare.target() != VALUE && related(compare, Long.compare(0, operand(compare)));
    }

    private boolean holds(Compare compare, KeyRevision found) {
        int order = switch (compare.target()) {
            case VERSION -> Long.compare(found.version(), operand(compare));
            case CREATE -> Long.compare(found.create(), operand(compare));
            case MOD -> Long.compare(found.main(), operand(compare));
            case LEASE -> Long.compare(found.leased() ? KeyValue.lease(state.load(found)) : 0, operand(compare));
            case VALUE -> KeyValue.value(state.load(found)).compareTo(fits(compare) ? compare.value() : Bytes.EMPTY);
            default -> 0;
        };
        return related(compare, order);
    }

    private static boolean fits(Compare compare) {
        return compare.operandField() == OPERAND_FIELD_FIRST + compare.target();
    }

    /** The operand, 0 unless one came that fits the target; 0 too for a target that does not exist. */
    private static long operand(Compare compare) {
        return fits(compare) && compare.target() <= LEASE ? compare.number() : 0;
    }

    private static boolean related(Compare compare, int order) {
        return switch (compare.result()) {
            case EQUAL -> order == 0;
            case GREATER -> order > 0;
            case LESS -> order < 0;
            case NOT_EQUAL -> order != 0;
            default -> true;
        };
    }
}
