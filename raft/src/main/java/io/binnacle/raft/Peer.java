package io.binnacle.raft;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * A founder of a group.
 *
 * @param id its id
 * @param context what its ConfChange entry carries
 */
public record Peer(long id, @Nullable Bytes context) {}
