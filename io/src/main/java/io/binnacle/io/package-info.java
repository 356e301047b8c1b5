/**
 * The world outside a member's logic: files, mapped pages, clock, agents and off-loaded work, as interfaces with a
 * real and a fault-injecting version each. This is the only room that opens files of a data directory or maps memory.
 *
 * <p>Chance is passed around as {@link java.util.random.RandomGenerator}; nobody seeds one for himself.
 */
@NullMarked
package io.binnacle.io;

import org.jspecify.annotations.NullMarked;
