package io.binnacle.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.kv.Compare;
import io.binnacle.api.kv.DeleteRange;
import io.binnacle.api.kv.Op;
import io.binnacle.api.kv.Put;
import io.binnacle.api.kv.Range;
import io.binnacle.api.kv.Txn;
import io.binnacle.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of api.md 4.2 and 4.4 that need no store. */
class RequestCheckTest {

    private static final Bytes FROM_KEY = Bytes.of(new byte[1]);

    private static Put put(String key) {
        return new Put(Bytes.utf8(key), Bytes.utf8("v"), 0, false, false, false);
    }

    private static DeleteRange delete(String key, String end) {
        return new DeleteRange(Bytes.utf8(key), Bytes.utf8(end), false);
    }

    private static Range range(String key) {
        return new Range(Bytes.utf8(key), Bytes.EMPTY, 0, 0, 0, 0, false, false, false, 0, 0, 0, 0);
    }

    private static Txn then(Op... ops) {
        return new Txn(List.of(), List.of(ops), List.of());
    }

    private static Txn either(Op success, Op failure) {
        return new Txn(List.of(), List.of(success), List.of(failure));
    }

    private static @Nullable KvRefusal check(Txn txn) {
        return RequestCheck.txn(txn, 128);
    }

    @Test
    void aKeyMayBePutOnceOnAPath() {
        assertThat(check(then(put("a"), put("a")))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(put("a"), put("b"), range("a")))).isNull();
        assertThat(check(either(put("a"), put("a")))).isNull();
        assertThat(check(then(either(put("a"), put("a"))))).isNull();
        assertThat(check(then(put("a"), either(put("a"), put("b"))))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(put("a"), either(put("b"), put("a"))))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(either(put("a"), put("b")), either(put("c"), put("b"))))).isEqualTo(KvRefusal.DUPLICATE_KEY);
    }

    @Test
    void aKeyMayNotBePutAndDeletedOnAPathWhateverTheOrder() {
        assertThat(check(then(put("b"), delete("a", "c")))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(delete("b", ""), put("b")))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(delete("a", "c"), put("c")))).isNull();
        assertThat(check(then(delete("a", "c"), delete("b", "d")))).isNull();
        assertThat(check(then(delete("c", "a"), put("b")))).isNull();
        assertThat(check(then(then(delete("a", "c")), then(put("b"))))).isEqualTo(KvRefusal.DUPLICATE_KEY);
        assertThat(check(then(then(put("b")), then(delete("a", "c"))))).isNull();
        assertThat(check(then(delete("a", "c"), delete("x", "z"), delete("b", "y"), put("p"))))
                .isEqualTo(KvRefusal.DUPLICATE_KEY);
    }

    @Test
    void aDeletionFromAKeyOnConflictsWithNothing() {
        DeleteRange fromKey = new DeleteRange(Bytes.utf8("a"), FROM_KEY, false);

        assertThat(check(then(fromKey, put("b")))).isNull();
    }

    @Test
    void nestedTransactionsShareTheBudgetOfTheirParent() {
        assertThat(RequestCheck.txn(then(put("a"), put("b")), 1)).isEqualTo(KvRefusal.TOO_MANY_OPS);
        assertThat(RequestCheck.txn(then(then(put("a"))), 2)).isNull();
        assertThat(RequestCheck.txn(then(then(put("a"))), 1)).isEqualTo(KvRefusal.TOO_MANY_OPS);
        assertThat(RequestCheck.txn(then(then()), 1)).isNull();
    }

    @Test
    void whatIsMissingIsFoundInOrder() {
        Compare keyless = new Compare(0, 0, Bytes.EMPTY, 4, 1, Bytes.EMPTY, Bytes.EMPTY);

        assertThat(check(new Txn(List.of(keyless), List.of(), List.of()))).isEqualTo(KvRefusal.EMPTY_KEY);
        assertThat(check(then(new Op.None()))).isEqualTo(KvRefusal.KEY_NOT_FOUND);
        assertThat(check(then(range("")))).isEqualTo(KvRefusal.EMPTY_KEY);
        assertThat(RequestCheck.put(new Put(Bytes.utf8("a"), Bytes.utf8("v"), 1, false, true, true)))
                .isEqualTo(KvRefusal.VALUE_PROVIDED);
        assertThat(RequestCheck.put(new Put(Bytes.utf8("a"), Bytes.EMPTY, 1, false, true, true)))
                .isEqualTo(KvRefusal.LEASE_PROVIDED);
    }

    @Test
    void aTransactionOnlyReadsIfAllItsOperationsAreRanges() {
        assertThat(RequestCheck.readOnly(then())).isTrue();
        assertThat(RequestCheck.serializable(then())).isTrue();
        assertThat(RequestCheck.readOnly(then(range("a")))).isTrue();
        assertThat(RequestCheck.serializable(then(range("a")))).isFalse();
        assertThat(RequestCheck.readOnly(then(then(range("a"))))).isFalse();
    }
}
