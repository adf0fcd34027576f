package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Placements;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
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

    /** Not by Citus' own call, which leaves the node without shards to come if it fails half-way (CITUS.md section 6). */
    static String drainFirst(HostPort address) {
        return "move its shards away first: roster drain " + address;
    }

    static RefusedException noRow(HostPort address) {
        return because(address, Situation.OTHER, "its row is missing", "look at pg_dist_node");
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
