package io.binnacle.proof.transcript;

import com.google.protobuf.InvalidProtocolBufferException;
import io.binnacle.api.etcdserverpb.SnapshotResponse;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The shape of a Snapshot stream: 32768-byte blobs, what remains after each, and the SHA-256 of them all at the end. Stateless. */
final class SnapshotCheck {
    private static final int BLOB_BYTES = 32768;
    private static final int DIGEST_BYTES = 32;

    private SnapshotCheck() {}

    static List<String> of(List<byte[]> raw) throws InvalidProtocolBufferException {
        if (raw.size() < 2) {
            return List.of("only " + raw.size() + " messages");
        }
        List<SnapshotResponse> messages = new ArrayList<>();
        for (byte[] bytes : raw) {
            messages.add(SnapshotResponse.parseFrom(bytes));
        }
        List<String> differences = new ArrayList<>();
        long remaining = messages.stream().limit(messages.size() - 1).mapToLong(m -> m.getBlob().size()).sum();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < messages.size(); i++) {
            SnapshotResponse message = messages.get(i);
            boolean digest = i == messages.size() - 1;
            if (!digest) {
                all.writeBytes(message.getBlob().toByteArray());
                remaining -= message.getBlob().size();
            }
            if (i < messages.size() - 2 && message.getBlob().size() != BLOB_BYTES) {
                differences.add("blob " + i + " has " + message.getBlob().size() + " bytes");
            }
            if (message.getRemainingBytes() != remaining) {
                differences.add("remaining after message " + i + " is " + message.getRemainingBytes() + ", expected " + remaining);
            }
            if (!message.getVersion().equals("3.7.0") || message.hasHeader()) {
                differences.add("version or header of message " + i);
            }
        }
        byte[] sum = messages.getLast().getBlob().toByteArray();
        if (sum.length != DIGEST_BYTES || !HexFormat.of().formatHex(sum).equals(Comparison.sha256(all.toByteArray()))) {
            differences.add("the last message is not the digest of the blobs");
        }
        return differences;
    }
}
