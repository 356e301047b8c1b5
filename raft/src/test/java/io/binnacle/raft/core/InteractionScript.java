package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.ConfState;
import io.binnacle.raft.EntrySlice;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.RaftConfig;
import io.binnacle.raft.RaftLimits;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.ReadOnlyOption;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Snapshot;
import io.binnacle.raft.SnapshotMeta;
import io.binnacle.raft.StepResult;
import io.binnacle.raft.confchange.ConfChange;
import io.binnacle.raft.confchange.ConfChangeSingle;
import io.binnacle.raft.confchange.ConfChangeV2;
import io.binnacle.raft.confchange.MembershipChange;
import io.binnacle.raft.confchange.Transition;
import io.binnacle.raft.script.Changes;
import io.binnacle.raft.script.Describe;
import io.binnacle.raft.script.Script.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Carries out the commands of an interaction script on a group of members without a network. */
final class InteractionScript {

    private static final int ELECTION_TICKS = 3;
    private static final int HEARTBEAT_TICKS = 1;

    private final ScriptOutput output = new ScriptOutput();
    private final List<ScriptMember> members = new ArrayList<>();
    private List<Message> inFlight = new ArrayList<>();

    /** Carries out one command and gives what it printed. */
    String run(Step step) {
        switch (step.command()) {
            case "log-level" -> output.level(ScriptOutput.levelOf(step.words().get(0)));
            case "add-nodes" -> addNodes(step);
            case "campaign" -> member(step.number(0)).node.campaign();
            case "compact" -> {
                member(step.number(0)).log.compact(step.number(1));
                printLog(member(step.number(0)));
            }
            case "deliver-msgs" -> deliver(step);
            case "forget-leader" -> member(step.number(0)).node.forgetLeader();
            case "process-ready" -> each(step, "handling Ready", this::processReady);
            case "process-append-thread" -> each(step, "processing append thread", this::processAppend);
            case "process-apply-thread" -> each(step, "processing apply thread", this::processApply);
            case "propose" -> {
                Bytes data = Bytes.utf8(step.words().get(1));
                printUnlessOk(member(step.number(0)).node.propose(List.of(data)));
            }
            case "propose-conf-change" -> {
                printUnlessOk(member(step.number(0)).node.proposeConfChange(change(step)));
            }
            case "raft-log" -> printLog(member(step.number(0)));
            case "raft-state" -> printStates();
            case "report-unreachable" -> member(step.number(0)).node.reportUnreachable(step.number(1));
            case "send-snapshot" -> sendSnapshot(step.number(0), step.number(1));
            case "set-randomized-election-timeout" ->
                    member(step.number(0)).node.electionTimeout(Integer.parseInt(step.value("timeout", "")));
            case "stabilize" -> stabilize(step);
            case "status" -> {
                for (Status.Member each : member(step.number(0)).node.status().members()) {
                    output.print(each.id() + ": " + each.text() + "\n");
                }
            }
            case "tick-election" -> tick(step.number(0), ELECTION_TICKS);
            case "tick-heartbeat" -> tick(step.number(0), HEARTBEAT_TICKS);
            case "transfer-leadership" -> {
                long from = Long.parseLong(step.value("from", ""));
                member(from).node.transferLeader(Long.parseLong(step.value("to", "")));
            }
            default -> throw new IllegalArgumentException("unknown command " + step.command());
        }
        return output.take();
    }

    private ScriptMember member(long id) {
        return members.get((int) id - 1);
    }

    private void addNodes(Step step) {
        List<Long> voters = step.values().getOrDefault("voters", List.of()).stream().map(Long::valueOf).toList();
        List<Long> learners = step.values().getOrDefault("learners", List.of()).stream().map(Long::valueOf).toList();
        long index = Long.parseLong(step.value("index", "0"));
        Snapshot start = index == 0 ? Snapshot.EMPTY
                : new Snapshot(new SnapshotMeta(ConfState.of(voters, learners), index, 1), null);
        RaftLimits limits = new RaftLimits(RaftLimits.UNLIMITED,
                Long.parseLong(step.value("max-committed-size-per-ready", "" + RaftLimits.UNLIMITED)),
                RaftLimits.UNLIMITED, Integer.parseInt(step.value("inflight", "" + Integer.MAX_VALUE)),
                RaftLimits.UNLIMITED);
        boolean lease = step.value("read-only", "safe").equals("lease-based");
        RaftOptions options = new RaftOptions(step.flag("async-storage-writes"), step.flag("checkquorum"),
                step.flag("prevote"), lease ? ReadOnlyOption.LEASE_BASED : ReadOnlyOption.SAFE, false,
                step.flag("disable-conf-change-validation"), step.flag("step-down-on-removal"));
        for (int made = 0; made < step.number(0); made++) {
            long id = members.size() + 1L;
            RaftConfig config = new RaftConfig(id, index, ELECTION_TICKS, HEARTBEAT_TICKS, limits, options);
            members.add(new ScriptMember(config, start, output));
        }
    }

    private void tick(long id, int ticks) {
        for (int tick = 0; tick < ticks; tick++) member(id).node.tick();
    }

    private void printUnlessOk(StepResult result) {
        if (result != StepResult.OK) output.print(result.text() + "\n");
    }

    private static MembershipChange change(Step step) {
        List<ConfChangeSingle> changes = Changes.parse(step.input());
        if (step.flag("v1")) {
            return new ConfChange(0, true, changes.get(0).type(), changes.get(0).nodeId(), null);
        }
        Transition transition = switch (step.value("transition", "auto")) {
            case "auto" -> Transition.AUTO;
            case "implicit" -> Transition.JOINT_IMPLICIT;
            case "explicit" -> Transition.JOINT_EXPLICIT;
            default -> throw new IllegalArgumentException("transition");
        };
        return new ConfChangeV2(transition, changes, null);
    }

    private void printLog(ScriptMember member) {
        long first = member.firstIndex();
        long last = member.lastIndex();
        if (first > last) {
            output.print("log is empty: first index=" + first + ", last index=" + last + "\n");
            return;
        }
        output.print(Describe.entries((EntrySlice) member.entries(first, last + 1, Long.MAX_VALUE)));
    }

    private void printStates() {
        for (ScriptMember member : members) {
            RaftNode node = member.node;
            boolean voter = node.confState().voters().contains(node.id())
                    || node.confState().votersOutgoing().contains(node.id());
            output.print(node.id() + ": " + node.role().label() + (voter ? " (Voter)" : " (Non-Voter)") + " Term:"
                    + node.term() + " Lead:" + node.leader() + "\n");
        }
    }

    private void sendSnapshot(long from, long to) {
        ScriptMember sender = member(from);
        Message message = Message.install(to, from, sender.node.term(), sender.snapshot());
        inFlight.add(message);
        output.print(Describe.message(message) + "\n");
    }

    // The agents' work.

    private void each(Step step, String doing, LongConsumer work) {
        boolean titled = step.words().size() > 1;
        for (String word : step.words()) {
            long id = Long.parseLong(word);
            if (titled) {
                output.print("> " + id + " " + doing + "\n");
                output.indented(() -> work.accept(id));
            } else {
                work.accept(id);
            }
        }
    }

    private void processReady(long id) {
        ScriptMember member = member(id);
        boolean async = member.config.options().asyncStorageWrites();
        Ready ready = member.node.ready();
        output.print(Describe.ready(ready));
        if (!async) {
            member.store(ready.hardState(), ready.entries(), ready.snapshot());
            member.apply(ready.committedEntries());
        }
        for (Message message : ready.messages()) {
            switch (message.type()) {
                case STORAGE_APPEND -> member.appendWork.add(message);
                case STORAGE_APPLY -> member.applyWork.add(message);
                default -> inFlight.add(message);
            }
        }
        if (!async) member.node.advance();
    }

    private void processAppend(long id) {
        ScriptMember member = member(id);
        Message work = member.appendWork.poll();
        if (work == null) {
            output.print("no append work to perform\n");
            return;
        }
        member.store(new HardState(work.term(), work.vote(), work.commit()), work.entries(), work.snapshot());
        respond(work);
    }

    private void processApply(long id) {
        ScriptMember member = member(id);
        Message work = member.applyWork.poll();
        if (work == null) {
            output.print("no apply work to perform\n");
            return;
        }
        member.apply(work.entries());
        respond(work);
    }

    private void respond(Message work) {
        Message bare = new Message(work.type(), work.to(), work.from(), work.term(), work.logTerm(), work.index(),
                work.entries(), work.commit(), work.snapshot(), work.reject(), work.rejectHint(), work.context(),
                work.vote(), List.of());
        output.print("Processing:\n" + Describe.message(bare) + "\nResponses:\n");
        for (Message response : work.responses()) output.print(Describe.message(response) + "\n");
        inFlight.addAll(work.responses());
    }

    // Messages.

    private void deliver(Step step) {
        String type = step.values().containsKey("type") ? step.value("type", "") : null;
        boolean any = false;
        for (String word : step.words()) any |= deliver(Long.parseLong(word), type, false);
        for (String dropped : step.values().getOrDefault("drop", List.of())) {
            any |= deliver(Long.parseLong(dropped), type, true);
        }
        if (!any) output.print("no messages\n");
    }

    private boolean deliver(long to, @Nullable String type, boolean drop) {
        List<Message> delivered = new ArrayList<>();
        List<Message> rest = new ArrayList<>();
        for (Message m : inFlight) {
            boolean chosen = m.to() == to && (type == null || m.type().label().equals(type)) && !(drop && staysInside(m));
            (chosen ? delivered : rest).add(m);
        }
        inFlight = rest;
        for (Message m : delivered) {
            output.print((drop ? "dropped: " : "") + Describe.message(m) + "\n");
            if (!drop) printUnlessOk(member(to).node.step(m));
        }
        return !delivered.isEmpty();
    }

    private static boolean staysInside(Message m) {
        return m.from() == m.to() || NodeId.isLocalAgent(m.from()) || NodeId.isLocalAgent(m.to());
    }

    private boolean hasMessages(long to) {
        return inFlight.stream().anyMatch(m -> m.to() == to);
    }

    private void stabilize(Step step) {
        int before = output.level();
        if (step.values().containsKey("log-level")) output.level(ScriptOutput.levelOf(step.value("log-level", "")));
        List<Long> ids = new ArrayList<>();
        for (String word : step.words()) ids.add(Long.valueOf(word));
        if (ids.isEmpty()) members.forEach(member -> ids.add(member.config.id()));
        boolean busy = true;
        for (int round = 0; busy; round++) {
            if (round > 1000) throw new IllegalStateException("does not come to rest");
            busy = stabilizeRound(ids);
        }
        output.level(before);
    }

    private boolean stabilizeRound(List<Long> ids) {
        boolean busy = false;
        for (long id : ids) {
            if (!member(id).node.hasReady()) continue;
            busy = true;
            output.print("> " + id + " handling Ready\n");
            output.indented(() -> processReady(id));
        }
        for (long id : ids) {
            if (!hasMessages(id)) continue;
            busy = true;
            output.print("> " + id + " receiving messages\n");
            output.indented(() -> deliver(id, null, false));
        }
        for (long id : ids) {
            if (member(id).appendWork.isEmpty()) continue;
            busy = true;
            output.print("> " + id + " processing append thread\n");
            while (!member(id).appendWork.isEmpty()) output.indented(() -> processAppend(id));
        }
        for (long id : ids) {
            if (member(id).applyWork.isEmpty()) continue;
            busy = true;
            output.print("> " + id + " processing apply thread\n");
            while (!member(id).applyWork.isEmpty()) output.indented(() -> processApply(id));
        }
        return busy;
    }
}
