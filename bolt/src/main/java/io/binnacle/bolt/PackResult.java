package io.binnacle.bolt;

import io.binnacle.base.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a packing step will have done once its transaction commits.
 *
 * @param pagesSaved leaf pages that will no longer be needed; 0 if nothing was changed
 * @param next the key to go on from in the next transaction, null at the end of the bucket
 */
public record PackResult(int pagesSaved, @Nullable Bytes next) {}
