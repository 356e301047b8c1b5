package io.binnacle.raft.core;

import io.binnacle.base.Bytes;
import io.binnacle.raft.HardState;
import io.binnacle.raft.Message;
import io.binnacle.raft.NodeId;
import io.binnacle.raft.Peer;
import io.binnacle.raft.RaftOptions;
import io.binnacle.raft.ReadOnlyOption;
import io.binnacle.raft.ReadState;
import io.binnacle.raft.Ready;
import io.binnacle.raft.Role;
import io.binnacle.raft.confchange.ConfChangeSingle;
import io.binnacle.raft.confchange.ConfChangeType;
import io.binnacle.raft.confchange.ConfChangeV2;
import io.binnacle.raft.confchange.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A group on one thread, with a network that loses, doubles and reorders, and members that crash; all from one seed. */
final class SimCluster {

    private static final int MESSAGES_MAX = 300;

    private final SplittableRandom random;
    private final SimLaws laws = new SimLaws();
    private final List<SimMember> members = new ArrayList<>();
    private final List<Message> network = new ArrayList<>();
    private final boolean changesMembership;
    private long cutOff; // a member that nobody hears
    private int commands;

    SimCluster(long seed) {
        random = new SplittableRandom(seed);
        int size = random.nextBoolean() ? 3 : 5;
        boolean async = random.nextInt(3) > 0;
        boolean checkQuorum = random.nextBoolean();
        changesMembership = random.nextBoolean();
        RaftOptions options = new RaftOptions(async, checkQuorum, random.nextBoolean(), ReadOnlyOption.SAFE, false, false,
                random.nextBoolean());
        List<Peer> peers = new ArrayList<>();
        for (long id = 1; id <= size; id++) peers.add(new Peer(id, null));
        for (long id = 1; id <= size; id++) {
            SimMember member = new SimMember(id, options, random.split(), laws);
            member.node.bootstrap(peers);
            turnReady(member); // founding is durable before a member takes part
            while (!member.appendWork.isEmpty()) storeOne(member);
            members.add(member);
        }
    }

    SimLaws laws() {
        return laws;
    }

    /** One random event, then all laws are checked. */
    void step() {
        SimMember member = members.get(random.nextInt(members.size()));
        int dice = random.nextInt(1000);
        if (dice < 380) {
            deliverOne();
        } else if (dice < 620) {
            turnReady(member);
        } else if (dice < 720) {
            storeOne(member);
        } else if (dice < 800) {
            applyOne(member);
        } else if (dice < 880) {
            member.node.tick();
        } else if (dice < 930) {
            member.node.propose(List.of(command(), command()));
        } else if (dice < 950) {
            readIndex(member);
        } else if (dice < 970) {
            if (!member.fetches.isEmpty()) member.fetchOne();
        } else {
            rare(member);
        }
        for (SimMember each : members) laws.check(each);
    }

    private void rare(SimMember member) {
        switch (random.nextInt(10)) {
            case 0 -> member.restart();
            case 1, 2 -> member.compact(random.nextInt(8));
            case 3 -> member.node.transferLeader(1 + random.nextInt(members.size()));
            case 4 -> member.node.reportUnreachable(1 + random.nextInt(members.size()));
            case 5 -> member.node.reportSnapshot(1 + random.nextInt(members.size()), random.nextBoolean());
            case 6 -> cutOff = random.nextInt(4) == 0 ? member.id : NodeId.NONE;
            case 7 -> member.node.forgetLeader();
            case 8 -> {
                if (changesMembership) member.node.proposeConfChange(change());
            }
            default -> network.removeIf(m -> random.nextInt(4) == 0);
        }
    }

    private ConfChangeV2 change() {
        List<ConfChangeSingle> changes = new ArrayList<>();
        int count = random.nextInt(3);
        for (int at = 0; at < count; at++) {
            ConfChangeType type = switch (random.nextInt(4)) {
                case 0 -> ConfChangeType.REMOVE_NODE;
                case 1 -> ConfChangeType.ADD_LEARNER_NODE;
                default -> ConfChangeType.ADD_NODE;
            };
            long id = 2L + random.nextInt(members.size() - 1); // the first one stays, so that there is always a voter
            changes.add(new ConfChangeSingle(type, id));
        }
        Transition transition = switch (random.nextInt(3)) {
            case 0 -> Transition.AUTO;
            case 1 -> Transition.JOINT_IMPLICIT;
            default -> Transition.JOINT_EXPLICIT;
        };
        return new ConfChangeV2(changes.isEmpty() ? Transition.AUTO : transition, changes, null);
    }

    private Bytes command() {
        return Bytes.utf8("c" + commands++);
    }

    private void readIndex(SimMember member) {
        Bytes context = Bytes.utf8("r" + commands++);
        laws.asked(context);
        member.node.readIndex(context);
    }

    private void turnReady(SimMember member) {
        if (!member.node.hasReady()) return;
        Ready ready = member.node.ready();
        for (ReadState state : ready.readStates()) laws.answered(state);
        if (!member.isAsync()) {
            member.store(ready.hardState(), ready.entries(), ready.snapshot());
            member.apply(ready.committedEntries());
        }
        for (Message message : ready.messages()) {
            switch (message.type()) {
                case STORAGE_APPEND -> member.appendWork.add(message);
                case STORAGE_APPLY -> member.applyWork.add(message);
                default -> network.add(message);
            }
        }
        if (!member.isAsync()) member.node.advance();
    }

    private void storeOne(SimMember member) {
        Message work = member.appendWork.poll();
        if (work == null) return;
        member.store(new HardState(work.term(), work.vote(), work.commit()), work.entries(), work.snapshot());
        respond(member, work);
    }

    private void applyOne(SimMember member) {
        Message work = member.applyWork.poll();
        if (work == null) return;
        member.apply(work.entries());
        respond(member, work);
    }

    private void respond(SimMember member, Message work) {
        for (Message response : work.responses()) {
            if (response.to() == member.id) {
                member.node.step(response);
            } else {
                network.add(response);
            }
        }
    }

    private void deliverOne() {
        while (network.size() > MESSAGES_MAX) network.remove(random.nextInt(network.size()));
        if (network.isEmpty()) return;
        int at = random.nextInt(4) == 0 ? random.nextInt(network.size()) : 0;
        Message message = network.get(at);
        int fate = random.nextInt(20);
        if (fate > 0) network.remove(at); // else it will arrive again
        if (fate > 1 && message.to() != cutOff && message.from() != cutOff) deliver(message);
    }

    private void deliver(Message message) {
        if (message.to() <= members.size()) members.get((int) message.to() - 1).node.step(message);
    }

    /** All is well from now on: whether a command is committed soon. */
    boolean comesToRest(int rounds) {
        cutOff = NodeId.NONE;
        long wanted = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            for (SimMember member : members) {
                if (random.nextInt(4) > 0) member.node.tick();
                if (wanted == Long.MAX_VALUE && member.node.role() == Role.LEADER && member.node.leadsWithCommit()) {
                    member.node.propose(List.of(command()));
                    wanted = member.node.lastIndex();
                }
                settle(member);
                laws.check(member);
            }
            List<Message> sent = List.copyOf(network);
            network.clear();
            for (Message message : sent) deliver(message);
            if (laws.committedMax() >= wanted) return true;
            if (round % 200 == 199) wanted = Long.MAX_VALUE; // the leader was deposed: propose to another one
        }
        return false;
    }

    private void settle(SimMember member) {
        for (int turn = 0; turn < 20; turn++) {
            turnReady(member);
            while (!member.appendWork.isEmpty()) storeOne(member);
            while (!member.applyWork.isEmpty()) applyOne(member);
            while (!member.fetches.isEmpty()) member.fetchOne();
        }
    }
}
