package dev.roster.ledger;

/**
 * How far the shards of a replaced server have been made anew.
 *
 * @param present how many of the row's shards the new server has
 * @param total how many placements the row has
 * @param step what was done last, as in {@code 4 reference tables are copied}
 * @param complete whether nothing lacks any more
 */
public record Rebuilt(int present, int total, String step, boolean complete) {

    /** For the order's note. */
    String progress() {
        return present + " of " + total + " shards are on the new server";
    }

    /** For the journal. */
    String sentence() {
        return complete ? "all " + total + " shards are there" : step + "; " + progress();
    }
}
