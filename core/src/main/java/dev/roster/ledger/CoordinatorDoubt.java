package dev.roster.ledger;

import dev.roster.cluster.MetadataComparison.Newer;
import java.time.Instant;
import java.util.Optional;

/**
 * That the coordinator is older than its workers: a server knows nodes or placements that it lacks. While it is open nothing
 * is changed; a person accepts the coordinator as it is.
 *
 * @param since when it was seen
 * @param evidence who knows what, such as {@code worker-2:5432 knows 1 placement that the coordinator lacks}
 * @param node the highest id of a node that the coordinator lacked, 0 if it lacked none
 * @param placement the highest id of a shard of whose placements it lacked one, 0 if it lacked none
 * @param acceptance who accepted it; empty while it is open
 */
public record CoordinatorDoubt(
        Instant since, String evidence, long node, long placement, Optional<Acceptance> acceptance) {

    /** What a person can do. */
    public static final String REMEDY =
            "bring the coordinator back with its latest data, or a standby that has it; only if"
                    + " that is impossible, and its catalogs were set right, take it as it is: roster accept-coordinator";

    /**
     * Who took the coordinator as it is.
     *
     * @param by the person
     * @param at when
     */
    public record Acceptance(String by, Instant at) {}

    /** Whether nothing may be changed. */
    public boolean isOpen() {
        return acceptance.isEmpty();
    }

    /** Whether this is no news: what the server knows more was seen when the doubt arose. */
    public boolean covers(Newer newer) {
        return newer.nodes().highest() <= node && newer.placements().highest() <= placement;
    }

    /** The same, taken by a person as it is. */
    public CoordinatorDoubt accepted(String by, Instant at) {
        return new CoordinatorDoubt(since, evidence, node, placement, Optional.of(new Acceptance(by, at)));
    }

    /** What is the matter, in one sentence without a full stop. */
    public String sentence() {
        return "The coordinator is older than its workers: " + evidence
                + ". It was restored from a backup, or a standby took over that had not received everything";
    }
}
