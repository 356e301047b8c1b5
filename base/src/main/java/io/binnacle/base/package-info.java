/**
 * Leaf values that several rooms need: immutable bytes, invariant checks, the resumable CRC-32C.
 *
 * <p>Nothing here has a thread, a clock or a file, and nothing here knows another room.
 */
@NullMarked
package io.binnacle.base;

import org.jspecify.annotations.NullMarked;
