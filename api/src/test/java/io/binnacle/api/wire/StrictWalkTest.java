package io.binnacle.api.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.binnacle.api.etcdserverpb.AuthUserAddRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.etcdserverpb.TxnRequest;
import io.binnacle.api.etcdserverpb.WatchRequest;
import io.binnacle.base.Bytes;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** One case of each rule; the great number of them is tried on the real decoders in {@link StrictWalkAgainstGoTest}. */
class StrictWalkTest {

    private static final StrictWalk PUT = StrictWalk.of(PutRequest.getDescriptor());
    private static final StrictWalk TXN = StrictWalk.of(TxnRequest.getDescriptor());
    private static final StrictWalk USER = StrictWalk.of(AuthUserAddRequest.getDescriptor());
    private static final StrictWalk WATCH = StrictWalk.of(WatchRequest.getDescriptor());

    @Test
    void whatAClientWritesMayBeLogged() {
        ok(PUT, "");
        ok(PUT, "0a016b120176");
        ok(PUT, "120176" + "0a016b" + "0a016c"); // order and repetition do not matter
        ok(PUT, "2005"); // a bool of 5 is true
        ok(PUT, "7a0161" + "fb0708" + "01" + "fc07"); // unknown fields, a group too
        ok(TXN, "0a0410001a00" + "1207" + "12050a016b12" + "00");
    }

    @Test
    void whatOnly37ReadsIsEncodedAnew() {
        reencode(PUT, "0801"); // the key as a number
        reencode(PUT, "1a0101"); // the lease as bytes
        reencode(TXN, "120c" + "12040a026b31" + "1204" + "12026b32"); // a put twice in one operation: merged or replaced
        ok(TXN, "120a" + "0a030a0161" + "12030a0162"); // two kinds: the last one, says either
    }

    @Test
    void whatNobodyReadsIsMalformed() {
        for (String hex : new String[] {"0a", "0a05", "00", "07", "0c", "18ffffffffffffffffff02", "0b", "1a"}) {
            assertThat(PUT.judge(bytes(hex))).as(hex).isInstanceOf(StrictWalk.Malformed.class);
        }
        assertThat(TXN.judge(bytes("12030a0508"))).isInstanceOf(StrictWalk.Malformed.class);
        assertThat(PUT.judge(bytes("0801" + "0a"))).isInstanceOf(StrictWalk.Malformed.class); // odd and broken is broken
    }

    @Test
    void textMustBeUtf8AndKeysNeedNot() {
        ok(PUT, "0a01ff");
        ok(USER, "0a03e282ac");
        for (String text : new String[] {"ff", "c080", "eda080", "f4908080", "e282"}) {
            String hex = "0a0" + text.length() / 2 + text;
            assertThat(USER.judge(bytes(hex))).as(text).isInstanceOf(StrictWalk.Malformed.class);
        }
    }

    @Test
    void packedNumbersAreWalkedToo() {
        ok(WATCH, "0a042a020001" + "");
        ok(WATCH, "0a022801");
        assertThat(WATCH.judge(bytes("0a042a020080"))).isInstanceOf(StrictWalk.Malformed.class);
        reencode(WATCH, "0a052d00000000");
    }

    @Test
    void nestingIsAllowedAsFarAsTheEnvelopeLeavesRoomFor() {
        // A transaction within an operation within a transaction: levels count both.
        assertThat(TXN.judge(nested(5_000))).isInstanceOf(StrictWalk.Ok.class);
        assertThat(TXN.judge(nested(5_001))).isInstanceOf(StrictWalk.Malformed.class);
    }

    static Bytes nested(int transactions) {
        ProtoWriter writer = new ProtoWriter(64_000);
        int[] begun = new int[2 * (transactions - 1)];
        for (int level = 0; level < begun.length; level += 2) {
            begun[level] = writer.begin(2);
            begun[level + 1] = writer.begin(4);
        }
        for (int level = begun.length - 1; level >= 0; level--) writer.end(begun[level]);
        return writer.take();
    }

    private static void ok(StrictWalk walk, String hex) {
        assertThat(walk.judge(bytes(hex))).as(hex).isInstanceOf(StrictWalk.Ok.class);
    }

    private static void reencode(StrictWalk walk, String hex) {
        assertThat(walk.judge(bytes(hex))).as(hex).isInstanceOf(StrictWalk.Reencode.class);
    }

    private static Bytes bytes(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }
}
