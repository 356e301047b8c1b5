package io.binnacle.io;

import java.util.List;

/** Several agents as one: each takes a turn, in the given order, whenever the group does. */
public final class AgentGroup implements Agent {

    private final String name;
    private final List<Agent> agents;

    /** Composes the agents under a name for threads and logs. */
    public AgentGroup(String name, List<? extends Agent> agents) {
        this.name = name;
        this.agents = List.copyOf(agents);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int doWork() throws Exception {
        int work = 0;
        for (Agent agent : agents) work += agent.doWork();
        return work;
    }

    @Override
    public long nextDeadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (Agent agent : agents) earliest = Math.min(earliest, agent.nextDeadlineNanos());
        return earliest;
    }

    /** Closes all, in reverse order; the first failure is thrown after every agent had its turn. */
    @Override
    public void onClose() throws Exception {
        Exception first = null;
        for (Agent agent : agents.reversed()) {
            try {
                agent.onClose();
            } catch (Exception failed) {
                if (first == null) first = failed;
                else first.addSuppressed(failed);
            }
        }
        if (first != null) throw first;
    }
}
