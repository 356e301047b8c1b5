package io.binnacle.api.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import io.binnacle.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The reader and the writer by themselves. */
class ProtoWireTest {

    @Test
    void varintsOfEveryLengthAreWrittenAndMeasuredAsProtobufDoesIt() throws IOException {
        for (int bits = 0; bits < 64; bits++) {
            for (long value : new long[] {1L << bits, (1L << bits) - 1, -(1L << bits)}) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream wanted = CodedOutputStream.newInstance(bytes);
                wanted.writeUInt64NoTag(value);
                wanted.flush();
                ProtoWriter writer = new ProtoWriter(0);
                writer.varint(value);
                assertThat(writer.length()).isEqualTo(Wire.sizeOfVarint(value));
                assertThat(writer.take()).isEqualTo(Bytes.of(bytes.toByteArray()));
            }
        }
    }

    @Test
    void aSubMessageOpenedWithoutItsLengthIsWrittenAsOneWithIt() {
        for (int length : new int[] {0, 1, 127, 128, 16_383, 16_384, 3_000_000}) {
            Bytes content = Bytes.of(new byte[length]);
            ProtoWriter writer = new ProtoWriter(8);
            writer.varintField(1, 7);
            int begun = writer.begin(2);
            writer.raw(content);
            writer.end(begun);
            writer.varintField(3, 8);
            ProtoWriter wanted = new ProtoWriter(8);
            wanted.varintField(1, 7);
            wanted.bytesField(2, content);
            wanted.varintField(3, 8);
            assertThat(writer.toBytes()).isEqualTo(wanted.toBytes());
        }
    }

    @Test
    void impossibleInputIsRefused() {
        for (String hex : new String[] {
                "08", "0880", "0a", "0a02ff", "00", "0700", "0600", "0f", "0c", "0d000000", "0900000000000000",
                "088080808080808080808001", "08ffffffffffffffffff02", "0affffffffffffffffff01", "fbffffffff01",
                "0b", "0b14", "0b080c", "808080801000"}) {
            assertThatThrownBy(() -> pass(hex)).as(hex).isInstanceOf(ProtoFormatException.class);
        }
    }

    @Test
    void possibleInputIsAccepted() {
        for (String hex : new String[] {
                "", "0800", "08ffffffffffffffffff01", "0a00", "0b0c", "0b13140c", "f8ffffff0f00", "8880808000" + "00",
                "0bf8ffffff3f000c"}) {
            pass(hex);
        }
    }

    private static void pass(String hex) {
        ProtoReader reader = new ProtoReader(Bytes.of(HexFormat.of().parseHex(hex)));
        for (int tag; (tag = reader.next()) != 0;) reader.skip(tag);
    }
}
