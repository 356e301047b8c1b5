package io.binnacle.server.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.binnacle.api.etcdserverpb.CompactionRequest;
import io.binnacle.api.etcdserverpb.DeleteRangeRequest;
import io.binnacle.api.etcdserverpb.PutRequest;
import io.binnacle.api.kv.KeyValue;
import io.binnacle.api.kv.RaftRequest.Kind;
import io.binnacle.base.Bytes;
import io.binnacle.io.sim.DiskFault;
import io.binnacle.io.sim.DiskOperation;
import io.binnacle.io.sim.SimDisk;
import io.binnacle.io.sim.SimTime;
import io.binnacle.mvcc.KvExecutor;
import io.binnacle.mvcc.MvccView;
import io.binnacle.server.apply.Identity;
import io.binnacle.server.apply.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A member that loses its power, or the last free block of its disk, at any moment still has all that it has acknowledged. */
class PowerLossTest {

    private static final int WORLDS = Integer.getInteger("test.count", 12);
    private static final int LIVES = 12;

    /** An acknowledged change of a key; no value is a deletion. */
    private record Acknowledged(String key, @Nullable String value) {}

    /** One disk with all the lives of its member. */
    private static final class World {
        final long seed;
        /** What befalls the member: its disk is full from some operation on, or its power goes. */
        final boolean fills;
        final Random random;
        final SimTime time = new SimTime();
        final SimDisk disk;
        final TreeMap<Long, Acknowledged> byRevision = new TreeMap<>();
        final StringBuilder trace = new StringBuilder();
        long compacted;
        long values;
        int acknowledged;
        int powerLosses;

        World(long seed, boolean fills) throws Exception {
            this.seed = seed;
            this.fills = fills;
            this.random = new Random(seed);
            this.disk = new SimDisk(new Random(seed + 1));
            disk.createDirectories(Path.of("/d"));
            disk.syncDirectory(Path.of("/"));
        }

        void live(boolean toTheEnd) throws Exception {
            long faultAt = toTheEnd ? Long.MAX_VALUE : disk.operations() + 1 + random.nextInt(random.nextBoolean() ? 60 : 600);
            disk.faults(operation -> operation.number() >= faultAt ? fault(operation.kind()) : null);
            SimMember life = new SimMember(random, time);
            try {
                LocalMember member = life.start(disk, SimMember.setup(random.nextInt(3) == 0 ? 10_000 : 25));
                checkAcknowledged(member);
                for (int request = 0; request < 300; request++) {
                    request(member);
                    int turns = random.nextInt(30);
                    for (int turn = 0; turn < turns; turn++) life.turn();
                }
                long wanted = member.consensus().committed();
                life.run(() -> member.consensus().pendingProposals() == 0 && member.published().appliedIndex() >= wanted);
                checkAcknowledged(member);
                life.stop();
            } catch (Exception ended) {
                if (!isFault(ended)) throw new AssertionError("seed " + seed + ": " + ended, ended);
                powerLosses++;
            }
            disk.faults(_ -> null);
            trace.append(time.nanos()).append(' ').append(disk.operations()).append(' ').append(acknowledged).append('\n');
            if (fills || random.nextInt(4) == 0) disk.processCrash();
            else disk.powerLoss(random);
        }

        private @Nullable DiskFault fault(DiskOperation.Kind kind) {
            if (!fills) return new DiskFault.PowerLoss();
            return switch (kind) {
                case WRITE, ALLOCATE, CREATE -> new DiskFault.NoSpace();
                default -> null;
            };
        }

        /** Whether the member says what happened to it. */
        private boolean isFault(@Nullable Throwable failed) {
            return fills ? says(failed, "No space left on device") : isPowerLoss(failed);
        }

        private static boolean says(@Nullable Throwable failed, String text) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (String.valueOf(cause.getMessage()).contains(text)) return true;
            }
            return false;
        }

        private static boolean isPowerLoss(@Nullable Throwable failed) {
            for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
                if (cause instanceof io.binnacle.io.sim.PowerLost) return true;
                if (String.valueOf(cause.getMessage()).contains("power lost")) return true;
            }
            return false;
        }

        private void request(LocalMember member) {
            String key = "k" + random.nextInt(20);
            int kind = random.nextInt(20);
            if (kind == 0 && !byRevision.isEmpty()) {
                long at = byRevision.lastKey() - random.nextInt(5);
                propose(member, Kind.COMPACTION, CompactionRequest.newBuilder().setRevision(at).build(), done -> {
                    compacted = Math.max(compacted, at);
                });
            } else if (kind <= 3) {
                propose(member, Kind.DELETE_RANGE, DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build(),
                        done -> {
                            if (!done.body().isEmpty()) acknowledge(done.revision(), new Acknowledged(key, null));
                        });
            } else {
                String value = "v" + values++ + "-".repeat(random.nextInt(300));
                PutRequest put = PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)).build();
                propose(member, Kind.PUT, put, done -> acknowledge(done.revision(), new Acknowledged(key, value)));
            }
        }

        private static void propose(LocalMember member, Kind kind, MessageLite request,
                java.util.function.Consumer<Outcome.Done> then) {
            member.proposals().propose(kind, Bytes.of(request.toByteArray()), Identity.NONE, outcome -> {
                if (outcome instanceof Outcome.Done done) then.accept(done);
            });
        }

        private void acknowledge(long revision, Acknowledged change) {
            Acknowledged before = byRevision.put(revision, change);
            assertThat(before).as("seed %d: revision %d was given twice", seed, revision).isNull();
            acknowledged++;
        }

        private void checkAcknowledged(LocalMember member) {
            Published now = member.hold();
            try {
                MvccView view = now.kv();
                long from = Math.max(compacted, view.compactRevision());
                if (!byRevision.isEmpty()) {
                    assertThat(view.revision()).as("seed %d", seed).isGreaterThanOrEqualTo(byRevision.lastKey());
                }
                byRevision.tailMap(from, true).forEach((revision, change) -> check(view, revision, change));
                byRevision.headMap(from, false).clear(); // nobody can read them any more
            } finally {
                now.kv().release();
            }
        }

        private void check(MvccView view, long revision, Acknowledged change) {
            KeyValue found = KvExecutor.pair(view, Bytes.utf8(change.key()), revision);
            String story = "seed " + seed + ": " + change.key() + " at revision " + revision;
            if (change.value() == null) {
                assertThat(found).as(story).isNull();
            } else {
                if (found == null) throw new AssertionError(story + " is lost");
                assertThat(found.value().toUtf8()).as(story).isEqualTo(change.value());
                assertThat(found.modRevision()).as(story).isEqualTo(revision);
            }
        }
    }

    @Test
    void everyAcknowledgedChangeSurvivesPowerLossAtAnyDiskOperationAndNoRevisionIsGivenTwice() throws Exception {
        long first = Long.getLong("test.seed", System.nanoTime() & 0xFFFFFF);
        System.out.println("power losses: -Dtest.seed=" + first);
        int acknowledged = 0;
        int powerLosses = 0;
        for (long seed = first; seed < first + WORLDS; seed++) {
            World world = world(seed, false);
            acknowledged += world.acknowledged;
            powerLosses += world.powerLosses;
        }
        System.out.println("power losses: " + powerLosses + ", acknowledged changes " + acknowledged);
        assertThat(acknowledged).isGreaterThan(WORLDS * 100);
    }

    @Test
    void theSameSeedLivesTheSameLivesTwice() throws Exception {
        List<String> traces = new ArrayList<>();
        for (int time = 0; time < 2; time++) traces.add(world(4711, false).trace.toString());

        assertThat(traces.get(0)).isEqualTo(traces.get(1));
    }

    @Test
    void aFullDiskEndsTheMemberByNameAndEveryAcknowledgedChangeIsThereOnceThereIsSpace() throws Exception {
        long first = Long.getLong("test.seed", System.nanoTime() & 0xFFFFFF);
        System.out.println("full disks: -Dtest.seed=" + first);
        int acknowledged = 0;
        int ends = 0;
        for (long seed = first; seed < first + WORLDS; seed++) {
            World world = world(seed, true);
            acknowledged += world.acknowledged;
            ends += world.powerLosses;
        }
        System.out.println("full disks: " + ends + ", acknowledged changes " + acknowledged);
        assertThat(ends).isGreaterThan(WORLDS);
        assertThat(acknowledged).isGreaterThan(WORLDS * 100);
    }

    private static World world(long seed, boolean fills) throws Exception {
        World world = new World(seed, fills);
        try {
            for (int life = 0; life < LIVES; life++) world.live(false);
            world.live(true);
        } catch (AssertionError failed) {
            throw new AssertionError("reproduce: -Dtest.seed=" + seed + " -Dtest.count=1: " + failed.getMessage(), failed);
        }
        return world;
    }
}
