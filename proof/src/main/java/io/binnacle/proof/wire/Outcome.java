package io.binnacle.proof.wire;

/** What one receive on a call gave. */
public sealed interface Outcome {
    /** A message, as the bytes on the wire after decompression. The array belongs to the receiver. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes; never compared
    record Message(byte[] bytes) implements Outcome {}

    /** The end of the call; code 0 is OK. */
    record End(int code, String message) implements Outcome {
        /** Whether the call ended well. */
        public boolean ok() {
            return code == 0;
        }
    }

    /** Neither came within the time that was given. */
    record Silence() implements Outcome {}
}
