package io.binnacle.raft.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.MemoryStorage;
import io.binnacle.raft.Message;
import io.binnacle.raft.MessageType;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLimits;
import io.binnacle.raft.RaftLogger;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a batch of proposals costs in memory, from propose to applied, in asynchronous mode as in production. */
final class AllocationTest {

    private static final int BATCHES = 1_000;
    private static final int BATCH = 100;

    @Test
    void aBatchAllocatesLittleMoreThanItsEntries() {
        for (int size : new int[] {1, 3}) {
            long bytes = bytesPerEntry(size);
            System.out.println("allocated per entry, batches of " + BATCH + ", group of " + size + ": " + bytes + " bytes");
            assertThat(bytes).isLessThan(150);
        }
    }

    private static long bytesPerEntry(int size) {
        MemoryStorage log = new MemoryStorage(2_000, 1 << 30, MemoryStorage.Fetcher.NONE);
        List<Long> voters = LongStream.rangeClosed(1, size).boxed().toList();
        log.applySnapshot(new Snapshot(new SnapshotMeta(ConfState.of(voters, List.of()), 2, 1), null));
        RaftConfig config = new RaftConfig(1, 2, 10, 1, RaftLimits.etcd(), RaftOptions.production(false));
        RaftNode node = new RaftNode(config, log, new SplittableRandom(1), RaftLogger.SILENT);
        node.campaign();
        drive(node, log);
        for (long id = 2; id <= size; id++) node.step(Message.bare(MessageType.VOTE_RESP, 1, id, 1));
        drive(node, log);
        assertThat(node.committed()).isEqualTo(3);

        List<Bytes> batch = Collections.nCopies(BATCH, Bytes.utf8("value"));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int at = 0; at < 2 * BATCHES; at++) {
            if (at == BATCHES) before = threads.getCurrentThreadAllocatedBytes();
            node.propose(batch);
            drive(node, log);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(node.applied()).isEqualTo(3 + 2L * BATCHES * BATCH);
        return bytes / BATCHES / BATCH;
    }

    /** Stores and applies at once; the followers acknowledge at once. */
    private static void drive(RaftNode node, MemoryStorage log) {
        while (node.hasReady()) {
            List<Message> messages = node.ready().messages();
            for (int at = 0; at < messages.size(); at++) carryOut(messages.get(at), node, log);
        }
    }

    private static void carryOut(Message m, RaftNode node, MemoryStorage log) {
        switch (m.type()) {
            case STORAGE_APPEND -> {
                if (m.term() != 0) log.setHardState(new HardState(m.term(), m.vote(), m.commit()));
                log.append(m.entries());
                for (Message response : m.responses()) node.step(response);
            }
            case STORAGE_APPLY -> {
                for (Message response : m.responses()) node.step(response);
            }
            case APP -> {
                EntrySlice entries = m.entries();
                if (m.to() == NodeId.NONE || entries.isEmpty()) return;
                node.step(Message.indexed(MessageType.APP_RESP, 1, m.to(), m.term(), entries.last().index()));
            }
            default -> { }
        }
    }
}
