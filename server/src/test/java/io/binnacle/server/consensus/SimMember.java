package io.binnacle.server.consensus;

import io.binnacle.backend.BackendConfig;
import io.binnacle.io.Agent;
import io.binnacle.io.sim.SimClock;
import io.binnacle.io.sim.SimDisk;
import io.binnacle.io.sim.SimTime;
import io.binnacle.raft.RaftLogger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One life of a whole member on simulated disk and time; this thread gives turns to its agents, as chance has it. */
public final class SimMember {

    static final Path DATA = Path.of("/d/data");
    static final String PEER_URL = "http://127.0.0.1:12002";
    private static final long TURN_NANOS = 200_000;

    private final Random random;
    private final SimTime time;
    private final List<Throwable> fatal = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();
    private @Nullable LocalMember member;
    private long turns;

    /** On these; nothing is started yet. */
    public SimMember(Random random, SimTime time) {
        this.random = random;
        this.time = time;
    }

    public static MemberSetup setup(long snapshotCount) {
        List<String> peers = List.of(PEER_URL);
        return new MemberSetup("m1", DATA, DATA.resolve("member/wal"), Map.of("m1", peers), "etcd-cluster", false, peers,
                List.of("http://127.0.0.1:12001"), TimeUnit.MILLISECONDS.toNanos(100), 10, true, true,
                TimeUnit.SECONDS.toNanos(7), snapshotCount, 5, 2, 2, -1, 1000, 0, 1);
    }

    /** Starts the member and lets it run until it has published itself. */
    public LocalMember start(SimDisk disk, MemberSetup setup) throws StartError, IOException, Failed {
        SimClock clock = new SimClock(time, 1_700_000_000_000L + time.nanos() / 1_000_000);
        BackendConfig backend = BackendConfig.defaults(() -> {}, () -> {}, fatal::add)
                .withBytes(1 << 20, 2 << 10, 4 << 10)
                .withFile(0, false);
        LocalMember made = new MemberStart(setup, disk, clock, random, RaftLogger.SILENT, () -> {}, backend).start();
        member = made;
        agents.addAll(made.coreAgents());
        agents.addAll(List.of(made.backend().committer(), made.compactor(), made.segmentPipeline()));
        made.publish();
        run(made::isReady);
        return made;
    }

    /** An agent could not go on: what a process ends with. */
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super(cause);
        }
    }

    /** Gives turns until the condition holds. */
    public void run(BooleanSupplier done) throws Failed {
        for (int idle = 0; !done.getAsBoolean(); idle++) {
            if (idle > 500_000) throw stuck();
            turn();
        }
    }

    private AssertionError stuck() {
        LocalMember stuck = java.util.Objects.requireNonNull(member);
        return new AssertionError("nothing comes of " + turns + " turns at " + time.nanos() + " ns: committed "
                + stuck.consensus().committed() + ", applied " + stuck.published().appliedIndex() + ", durable "
                + stuck.backend().consistentIndex() + ", uncommitted " + stuck.backend().uncommittedBytes() + " bytes, "
                + stuck.consensus().pendingProposals() + " waiting, " + stuck.consensus().leadership());
    }

    /** One turn of one agent. */
    void turn() throws Failed {
        turns++;
        time.advance(random.nextInt(20) == 0 ? 10 * TURN_NANOS : random.nextLong(TURN_NANOS));
        Agent agent = agents.get(random.nextInt(agents.size()));
        try {
            agent.doWork();
        } catch (Exception failed) { // whatever it is, a real member ends with it
            throw new Failed(failed);
        }
        if (!fatal.isEmpty()) throw new Failed(fatal.getFirst());
    }

    /** Ends as a process that was asked to. */
    void stop() throws Exception {
        for (Agent agent : agents) agent.onClose();
        if (member != null) member.close();
    }

    long turns() {
        return turns;
    }
}
