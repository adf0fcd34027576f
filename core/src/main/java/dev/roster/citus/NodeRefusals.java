package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Placements;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import java.util.List;
import java.util.Optional;

/** What Roster itself refuses, before Citus would or after Citus did not. */
final class NodeRefusals {

    private NodeRefusals() {}

    static RefusedException because(HostPort address, Situation situation, String seen, String remedy) {
        return new RefusedException(new Refusal(situation, address + ": " + seen, remedy, "", Optional.empty()));
    }

    static RefusedException soleCopies(HostPort address, Placements carried) {
        int sole = carried.soleDistributed() + carried.soleReference();
        return because(
                address,
                Situation.SOLE_PLACEMENT,
                "it holds " + carried.distributed() + " distributed placements, and of " + sole
                        + " shards the only copy",
                drainFirst(address));
    }

    /** Not by Citus' own call, which leaves the node without shards to come if it fails half-way (docs/citus.md section 6). */
    static String drainFirst(HostPort address) {
        return "move its shards away first: roster drain " + address;
    }

    /** Removed now, the node would leave records behind that keep those shards from ever being moved again (ADR 30). */
    static RefusedException leftovers(HostPort address, List<String> tables) {
        return because(
                address,
                Situation.LEFTOVERS,
                "Citus has still to drop tables there whose shards moved away: " + Placements.Tables.of(tables),
                "let the transactions end that use them on " + address + "; Roster tries again");
    }

    /** What is left of a node whose server is dead, so that nothing can be dropped there. */
    static String leftBehind(List<String> tables) {
        return "Citus remembers tables there that it could not drop, and moves none of their shards until that is forgotten"
                + " (roster check has the line): " + Placements.Tables.of(tables);
    }

    static RefusedException noRow(HostPort address) {
        return because(address, Situation.OTHER, "its row is missing", "look at pg_dist_node");
    }

    /** A refusal with what the server said in passing. */
    static Refusal withWords(Refusal refusal, List<String> words) {
        return words.isEmpty()
                ? refusal
                : new Refusal(
                        refusal.situation(),
                        refusal.sentence() + " (" + String.join("; ", words) + ")",
                        refusal.remedy(),
                        refusal.sqlState(),
                        refusal.culprit());
    }

    /** The removal of one of several dead nodes, which got as far as Citus lets it get before the others. */
    static Refusal disabledFirst(HostPort address, Refusal ofTheRemoval) {
        return new Refusal(
                ofTheRemoval.situation(),
                address + " is disabled now and will be removed once the other dead members are disabled too: "
                        + ofTheRemoval.sentence(),
                ofTheRemoval.remedy(),
                ofTheRemoval.sqlState(),
                ofTheRemoval.culprit());
    }
}
