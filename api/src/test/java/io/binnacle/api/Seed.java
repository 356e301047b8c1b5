package io.binnacle.api;

import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * The randomness of a test, printed so that a failure can be repeated with {@code -Dtest.seed=}.
 *
 * @param value the seed
 */
public record Seed(long value) {

    /** The seed given by property, or one drawn from the clock. */
    public static Seed of(String test) {
        Seed seed = new Seed(Long.getLong("test.seed", System.nanoTime() & 0xFFFFFF));
        System.out.println(test + ": -Dtest.seed=" + seed.value);
        return seed;
    }

    /** A generator that yields the same for the same seed in every JVM. */
    public RandomGenerator random() {
        return new Random(value);
    }

    /** How many cases to try: the property {@code test.count}, or else this many. */
    public static int count(int usual) {
        return Integer.getInteger("test.count", usual);
    }
}
