package io.binnacle.raft;

/**
 * What needs no disk: whom this member follows and what it is.
 *
 * @param leader the leader's id, 0: unknown
 * @param role this member's role
 */
public record SoftState(long leader, Role role) {}
