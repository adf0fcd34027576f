package dev.roster.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Several measurements of the same thing.
 *
 * @param sorted the values, ascending
 */
record Spread(List<Double> sorted) {

    static Spread of(Collection<Double> values) {
        return new Spread(values.stream().sorted().toList());
    }

    /** The value that such a part of all does not exceed. */
    double quantile(double part) {
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * (sorted.size() - 1))));
    }

    double median() {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Median, quartiles, extremes and count, in columns that {@link #HEAD} names. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%8.1f  %8.1f  %8.1f  %8.1f  %8.1f  %4d",
                median(),
                quantile(0.25),
                quantile(0.75),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    static final String HEAD = String.format(
            Locale.ROOT, "%8s  %8s  %8s  %8s  %8s  %4s", "median", "quarter", "3/4", "least", "most", "n");
}
