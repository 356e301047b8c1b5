package io.binnacle.raft.confchange;

/**
 * What happens to one member.
 *
 * @param type what
 * @param nodeId to whom; 0: to nobody
 */
public record ConfChangeSingle(ConfChangeType type, long nodeId) {

    @Override
    public String toString() {
        return "type:" + type.label() + " node_id:" + Long.toUnsignedString(nodeId);
    }
}
