package io.binnacle.proof.jetcd;

import static io.binnacle.proof.jetcd.Jetcd.bytes;
import static io.binnacle.proof.jetcd.Jetcd.get;
import static io.binnacle.proof.jetcd.Jetcd.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.DeleteResponse;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.CompactOption;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.PutOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Puts, gets, deletes, transactions and compaction; each test keeps to keys of its own. */
final class KeysIT {
    private static Jetcd jetcd;
    private static KV kv;

    @BeforeAll
    static void start() throws Exception {
        jetcd = Jetcd.start();
        kv = jetcd.client().getKVClient();
    }

    @AfterAll
    static void stop() throws Exception {
        jetcd.close();
    }

    @Test
    void aPutIsReadBackWithItsRevisionsAndVersion() throws Exception {
        long first = put("plain", "one");
        long second = put("plain", "two");

        GetResponse answer = get(kv.get(bytes("plain")));

        assertThat(second).isEqualTo(first + 1);
        assertThat(answer.getCount()).isEqualTo(1);
        KeyValue found = answer.getKvs().getFirst();
        assertThat(text(found.getValue())).isEqualTo("two");
        assertThat(found.getCreateRevision()).isEqualTo(first);
        assertThat(found.getModRevision()).isEqualTo(second);
        assertThat(found.getVersion()).isEqualTo(2);
    }

    @Test
    void aPutAnswersWithThePreviousPairWhenAsked() throws Exception {
        PutResponse fresh = get(kv.put(bytes("prev"), bytes("a"), PutOption.builder().withPrevKV().build()));
        PutResponse again = get(kv.put(bytes("prev"), bytes("b"), PutOption.builder().withPrevKV().build()));

        assertThat(fresh.hasPrevKv()).isFalse();
        assertThat(text(again.getPrevKv().getValue())).isEqualTo("a");
    }

    @Test
    void aPrefixAndAHalfOpenRangeSelectTheirKeys() throws Exception {
        putAll("range/", 5);

        GetResponse prefix = get(kv.get(bytes("range/"), GetOption.builder().isPrefix(true).build()));
        GetResponse range = get(kv.get(bytes("range/1"), GetOption.builder().withRange(bytes("range/3")).build()));

        assertThat(keys(prefix)).containsExactly("range/0", "range/1", "range/2", "range/3", "range/4");
        assertThat(keys(range)).containsExactly("range/1", "range/2");
    }

    @Test
    void anOldRevisionIsReadAsItWas() throws Exception {
        long before = put("history", "old");
        put("history", "new");

        GetResponse then = get(kv.get(bytes("history"), GetOption.builder().withRevision(before).build()));

        assertThat(text(then.getKvs().getFirst().getValue())).isEqualTo("old");
    }

    @Test
    void sortOrderAndLimitShapeTheAnswerAndTheCountIgnoresTheLimit() throws Exception {
        put("sort/a", "2");
        put("sort/b", "3");
        put("sort/c", "1");

        GetResponse byValue = get(kv.get(bytes("sort/"), GetOption.builder().isPrefix(true)
                .withSortField(SortTarget.VALUE).withSortOrder(SortOrder.ASCEND).build()));
        GetResponse newestTwo = get(kv.get(bytes("sort/"), GetOption.builder().isPrefix(true)
                .withSortField(SortTarget.MOD).withSortOrder(SortOrder.DESCEND).withLimit(2).build()));

        assertThat(keys(byValue)).containsExactly("sort/c", "sort/a", "sort/b");
        assertThat(keys(newestTwo)).containsExactly("sort/c", "sort/b");
        assertThat(newestTwo.getCount()).isEqualTo(3);
        assertThat(newestTwo.isMore()).isTrue();
    }

    @Test
    void keysOnlyLeavesOutValuesAndCountOnlyLeavesOutPairs() throws Exception {
        putAll("shape/", 4);

        GetResponse keysOnly = get(kv.get(bytes("shape/"), GetOption.builder().isPrefix(true).withKeysOnly(true).build()));
        GetResponse countOnly = get(kv.get(bytes("shape/"), GetOption.builder().isPrefix(true).withCountOnly(true).build()));

        assertThat(keysOnly.getKvs()).hasSize(4).allSatisfy(pair -> assertThat(pair.getValue().isEmpty()).isTrue());
        assertThat(countOnly.getKvs()).isEmpty();
        assertThat(countOnly.getCount()).isEqualTo(4);
    }

    @Test
    void aSerializableReadAndOneBoundedByRevisionsAreAnswered() throws Exception {
        long first = put("bound/a", "1");
        put("bound/b", "2");

        GetResponse serializable = get(kv.get(bytes("bound/a"), GetOption.builder().withSerializable(true).build()));
        GetResponse younger = get(kv.get(bytes("bound/"), GetOption.builder().isPrefix(true).withMinModRevision(first + 1).build()));

        assertThat(serializable.getKvs()).hasSize(1);
        assertThat(keys(younger)).containsExactly("bound/b");
    }

    @Test
    void aDeletedRangeIsCountedReturnedAndGone() throws Exception {
        putAll("gone/", 3);

        DeleteResponse deleted = get(kv.delete(bytes("gone/"), DeleteOption.builder().isPrefix(true).withPrevKV(true).build()));

        assertThat(deleted.getDeleted()).isEqualTo(3);
        assertThat(deleted.getPrevKvs().stream().map(pair -> text(pair.getKey()))).containsExactly("gone/0", "gone/1", "gone/2");
        assertThat(get(kv.get(bytes("gone/"), GetOption.builder().isPrefix(true).build())).getCount()).isZero();
        assertThat(get(kv.delete(bytes("gone/0"))).getDeleted()).isZero();
    }

    @Test
    void aTransactionTakesItsBranchByVersionValueAndRevision() throws Exception {
        long revision = put("txn", "x");
        Cmp[] holds = {
            new Cmp(bytes("txn"), Cmp.Op.EQUAL, CmpTarget.version(1)),
            new Cmp(bytes("txn"), Cmp.Op.EQUAL, CmpTarget.value(bytes("x"))),
            new Cmp(bytes("txn"), Cmp.Op.EQUAL, CmpTarget.modRevision(revision)),
            new Cmp(bytes("txn"), Cmp.Op.LESS, CmpTarget.createRevision(revision + 1))
        };
        Op[] then = {
            Op.put(bytes("txn"), bytes("y"), PutOption.DEFAULT),
            Op.get(bytes("txn"), GetOption.DEFAULT),
            Op.put(bytes("txn/other"), bytes("z"), PutOption.DEFAULT),
            Op.delete(bytes("txn/none"), DeleteOption.DEFAULT)
        };

        TxnResponse taken = get(kv.txn().If(holds).Then(then).commit());
        TxnResponse refused = get(kv.txn().If(holds).Then(then).Else(Op.get(bytes("txn"), GetOption.DEFAULT)).commit());

        assertThat(taken.isSucceeded()).isTrue();
        assertThat(taken.getPutResponses()).hasSize(2);
        assertThat(text(taken.getGetResponses().getFirst().getKvs().getFirst().getValue())).isEqualTo("y");
        assertThat(taken.getDeleteResponses().getFirst().getDeleted()).isZero();
        assertThat(refused.isSucceeded()).isFalse();
        assertThat(refused.getGetResponses().getFirst().getKvs().getFirst().getModRevision()).isEqualTo(revision + 1);
    }

    @Test
    void aTransactionInsideATransactionIsDone() throws Exception {
        Op inner = Op.txn(
                new Cmp[] {new Cmp(bytes("nested"), Cmp.Op.EQUAL, CmpTarget.createRevision(0))},
                new Op[] {Op.put(bytes("nested"), bytes("made"), PutOption.DEFAULT)},
                new Op[0]);

        TxnResponse answer = get(kv.txn().Then(inner).commit());

        assertThat(answer.getTxnResponses().getFirst().isSucceeded()).isTrue();
        assertThat(get(kv.get(bytes("nested"))).getCount()).isEqualTo(1);
    }

    @Test
    void compactionForgetsWhatIsOlderAndKeepsWhatIsNow() throws Exception {
        long old = put("compact", "1");
        long now = put("compact", "2");

        get(kv.compact(now, CompactOption.builder().withCompactPhysical(true).build()));

        assertThat(text(get(kv.get(bytes("compact"))).getKvs().getFirst().getValue())).isEqualTo("2");
        assertThatThrownBy(() -> get(kv.get(bytes("compact"), GetOption.builder().withRevision(old).build())))
                .hasMessageContaining("required revision has been compacted");
        assertThatThrownBy(() -> get(kv.compact(old))).hasMessageContaining("required revision has been compacted");
        assertThatThrownBy(() -> get(kv.compact(now + 1_000_000))).hasMessageContaining("required revision is a future revision");
    }

    private static long put(String key, String value) throws Exception {
        return get(kv.put(bytes(key), bytes(value))).getHeader().getRevision();
    }

    private static void putAll(String prefix, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            put(prefix + i, "value " + i);
        }
    }

    private static List<String> keys(GetResponse answer) {
        return answer.getKvs().stream().map(pair -> text(pair.getKey())).toList();
    }
}
