package io.binnacle.server.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.binnacle.api.etcdserverpb.SnapshotResponse;
import io.binnacle.api.wire.StrictWalk;
import io.binnacle.backend.Checkpoint;
import io.binnacle.base.Bytes;
import io.binnacle.io.Offload;
import io.binnacle.rpc.Call;
import io.binnacle.rpc.CallReceiver;
import io.binnacle.rpc.Code;
import io.binnacle.rpc.Status;
import io.binnacle.server.apply.Refusal;
import io.binnacle.server.consensus.ClientCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * One call of Maintenance.Snapshot: the database as of one entry, in messages of 32 KiB, then its SHA-256 (shared
 * contract: api.md §9.6). Pieces are read off the loop, some at a time and only while the client takes them; the pages
 * are held until the call ends.
 */
final class SnapshotCall implements CallReceiver {

    private static final int PIECE_BYTES = 32 * 1024;
    /** Messages that are read in one go. */
    private static final int PIECES_PER_TURN = 16;

    private final Services services;
    private final Call call;
    private final Offload offload;
    private final StrictWalk walk;
    private final MessageDigest digest = sha256();
    private String version = "";
    private @Nullable ClientCheckpoint checkpoint;
    private long offset;
    private boolean reading;
    private boolean over;

    SnapshotCall(Services services, Call call, Offload offload, StrictWalk walk) {
        this.services = services;
        this.call = call;
        this.offload = offload;
        this.walk = walk;
    }

    @Override
    public void message(Bytes message) {
        if (walk.judge(message) instanceof StrictWalk.Malformed(String reason)) {
            call.finish(Services.unreadableOnStream(reason));
            return;
        }
        if (!services.admits(call) || !services.administers(call)) return;
        version = services.member().storageVersion().toString();
        boolean taken = services.member().checkpoint(held -> call.loop().execute(() -> begin(held)));
        if (!taken) Services.refuse(call, Refusal.TOO_MANY_REQUESTS);
    }

    private void begin(ClientCheckpoint taken) {
        if (over || call.ended()) {
            taken.close();
        } else if (taken.database().state() != Checkpoint.State.READY) {
            taken.close();
            Services.refuse(call, Refusal.STOPPED);
        } else {
            checkpoint = taken;
            readOn();
        }
    }

    @Override
    public void writable() {
        readOn();
    }

    private void readOn() {
        ClientCheckpoint held = checkpoint;
        if (held == null || reading || over || call.ended() || !call.writable()) return;
        reading = true;
        Checkpoint from = held.database();
        long at = offset;
        offload.run(() -> {
            try {
                byte[] bytes = new byte[PIECE_BYTES * PIECES_PER_TURN];
                ByteBuffer pieces = ByteBuffer.wrap(bytes);
                while (pieces.hasRemaining() && from.copyTo(at + pieces.position(), pieces) > 0) {}
                int read = pieces.position();
                call.loop().execute(() -> send(from, bytes, read));
            } catch (IOException failed) {
                call.loop().execute(() -> fail(failed));
            }
        });
    }

    private void send(Checkpoint from, byte[] bytes, int read) {
        reading = false;
        if (over || call.ended()) {
            end();
            return;
        }
        long total = from.lengthBytes();
        digest.update(bytes, 0, read);
        for (int at = 0; at < read; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, read - at);
            offset += length;
            sendBlob(UnsafeByteOperations.unsafeWrap(bytes, at, length), total - offset);
        }
        if (offset < total) {
            readOn();
            return;
        }
        sendBlob(ByteString.copyFrom(digest.digest()), 0);
        end();
        call.finish(Status.OK);
    }

    private void sendBlob(ByteString blob, long remaining) {
        SnapshotResponse response = SnapshotResponse.newBuilder()
                .setBlob(blob).setRemainingBytes(remaining).setVersion(version).build();
        call.send(Bytes.of(response.toByteArray()));
    }

    private void fail(IOException failed) {
        reading = false;
        boolean tell = !over && !call.ended();
        end();
        if (tell) call.finish(new Status(Code.UNKNOWN, "reading the database: " + failed.getMessage()));
    }

    @Override
    public void cancelled(Status why) {
        if (reading) over = true; // the pages are let go when the read that is under way has ended
        else end();
    }

    private void end() {
        over = true;
        if (checkpoint != null) checkpoint.close();
        checkpoint = null;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }
}
