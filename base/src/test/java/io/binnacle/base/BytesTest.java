package io.binnacle.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void ordersUnsignedBytesWithTheShorterPrefixFirst() {
        assertThat(Bytes.utf8("a")).isLessThan(Bytes.utf8("ab"));
        assertThat(Bytes.of(new byte[] {(byte) 0x80})).isGreaterThan(Bytes.of(new byte[] {0x7f}));
        assertThat(Bytes.EMPTY).isLessThan(Bytes.of(new byte[] {0}));
    }

    @Test
    void equalSlicesOfDifferentArraysAreEqual() {
        Bytes slice = Bytes.utf8("xabcx").slice(1, 4);

        assertThat(slice).isEqualTo(Bytes.utf8("abc")).hasSameHashCodeAs(Bytes.utf8("abc"));
        assertThat(slice.startsWith(Bytes.utf8("ab"))).isTrue();
        assertThat(slice.append((byte) 0)).isEqualTo(Bytes.utf8("abc\0"));
    }

    @Test
    void refusesASliceOutsideItself() {
        assertThatThrownBy(() -> Bytes.utf8("abc").slice(1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Bytes.of(new byte[2], 1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
