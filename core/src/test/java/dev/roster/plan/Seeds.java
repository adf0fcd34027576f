package dev.roster.plan;

import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Runs a property for many seeds and names the one that breaks it; {@code -Dverify.seed=} replays that one alone. */
final class Seeds {

    private Seeds() {}

    static void forEach(int count, LongConsumer property) {
        Long replayed = Long.getLong("verify.seed");
        LongStream seeds = replayed == null ? LongStream.rangeClosed(1, count) : LongStream.of(replayed);
        seeds.forEach(seed -> {
            try {
                property.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "broken by seed " + seed + "; replay with -Dverify.seed=" + seed + ": " + e, e);
            }
        });
    }
}
