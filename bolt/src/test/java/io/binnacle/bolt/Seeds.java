package io.binnacle.bolt;

import java.util.SplittableRandom;

/** Chance for tests: the seed comes from {@code -Dtest.seed} or the clock, and is printed. */
final class Seeds {

    private Seeds() {}

    static long seed(String test) {
        long seed = Long.getLong("test.seed", System.nanoTime() & 0xffffff);
        System.out.println(test + " seed: -Dtest.seed=" + seed);
        return seed;
    }

    /** Rounds of a random test: its fast default, or {@code -Dtest.count}. */
    static int count(int usual) {
        return Integer.getInteger("test.count", usual);
    }

    static SplittableRandom random(long seed) {
        return new SplittableRandom(seed);
    }
}
