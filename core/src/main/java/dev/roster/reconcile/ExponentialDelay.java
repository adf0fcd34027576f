package dev.roster.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * A delay that doubles with each failure in a row, with up to a fifth of jitter on top so that several do not keep step. A
 * value; the randomness is an argument.
 *
 * @param first the delay after one failure
 * @param longest never more than this, jitter included
 */
public record ExponentialDelay(Duration first, Duration longest) {

    private static final double JITTER = 0.2;

    /**
     * The delay before the next try.
     *
     * @param failures failures in a row, at least 1
     * @param random the jitter
     */
    public Duration after(int failures, RandomGenerator random) {
        double doubled = first.toMillis() * Math.pow(2, failures - 1.0);
        double capped = Math.min(doubled, longest.toMillis() / (1 + JITTER));
        return Duration.ofMillis(Math.round(capped * (1 + JITTER * random.nextDouble())));
    }
}
