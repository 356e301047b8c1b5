package io.binnacle.bolt;

/**
 * How bbolt would choose among free pages. The file format does not depend on it.
 *
 * <p>bbolt's hash map takes a span of the exact size, else any larger one, in the order of a Go map: it differs from
 * run to run, so there is nothing to reproduce. Both types here take the lowest fit, which is exactly bbolt's array
 * type, keeps the choice a function of the history, and leaves the end of the file free to be cut off.
 */
public enum FreelistType {
    /** Lowest first fit, as in bbolt. */
    ARRAY,
    /** Accepted for the option's sake; chooses as {@link #ARRAY}. */
    HASHMAP
}
