package dev.roster.plan;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.ledger.Tombstone;
import java.util.List;
import java.util.Optional;

/** The sentences of rows 1 to 11b: what is so, why, and what would change it (law 8). */
final class WorkerSentences {

    /** How a server is made to belong nowhere again, for a person who is sure of it. */
    private static final String RESET =
            "on it, in this database: DROP EXTENSION citus CASCADE; CREATE EXTENSION citus;";

    private final Overview overview;

    WorkerSentences(Overview overview) {
        this.overview = overview;
    }

    /** The reason of an addition: {@code seen by docker and ready}. */
    String seenBy(Worker worker) {
        return "seen by " + worker.scope().source()
                + (worker.health() == WorkerHealth.READY ? " and ready" : " and answering");
    }

    String notReady(Worker worker) {
        String source = worker.scope().source();
        String detail = worker.detail().isBlank() ? "" : " (" + worker.detail() + ")";
        return switch (worker.health()) {
            case STARTING -> "Starting" + detail + ": joins when " + source + " calls it ready";
            case UNHEALTHY ->
                "Unhealthy by " + source + detail + ": joins when its health check passes; look at its log";
            case RESTARTING -> "Restarting" + detail + ": joins when it stays up and " + source + " calls it ready";
            case PAUSED -> "Paused" + detail + ": joins when it is unpaused";
            case STOPPED -> "Stopped" + detail + ": joins when it is started and ready";
            case READY, UNKNOWN -> "Ready by " + source + detail;
        };
    }

    String self() {
        return "This is the coordinator itself, which cannot be its own worker: take it out of what discovery"
                + " sights (its role label, pattern, or list entry)";
    }

    String joiningBlindly(Worker worker) {
        return "Joining unprobed, since roster.probe.mode=off: " + seenBy(worker);
    }

    String notProbed(Worker worker) {
        return "Sighted by " + worker.scope().source()
                + ", not yet asked what it is: it joins when its probe through the coordinator passes";
    }

    String askedAgain() {
        return "Its probe passed some time ago: it is asked once more, right before it joins";
    }

    String probeFailed(Worker worker, ProbeResult.Failed failed) {
        String source = worker.scope().source();
        String found = worker.health() == WorkerHealth.READY ? "Ready by " + source : "Sighted by " + source;
        return found + ", but the coordinator's probe failed: " + failed.sentence()
                + "; it joins when the probe passes";
    }

    String aliasOf(Node node) {
        return "Another name of node " + node.address() + " (the same running server): nothing to add, the registered"
                + " name stays";
    }

    String aliasOf(Worker first) {
        return "Another name of worker " + first.address() + " (the same running server), which joins under that name";
    }

    String movedUnderTwoNames(Node node) {
        return "The same running server as answers at node " + node.address()
                + ", where another one is registered: not added under a second name; see that node";
    }

    String standby(ServerReport report, Optional<Member> original) {
        String of = original.map(member -> " of member " + member.address())
                .orElseGet(() -> overview.servers.hasCoordinatorsData(report) ? " of the coordinator" : "");
        return "A standby" + of + original.map(member -> lag(report, member)).orElse("")
                + " (in recovery): not registered; it waits until it is promoted";
    }

    private String lag(ServerReport standby, Member member) {
        return overview.answer(member.address())
                .filter(primary -> !primary.inRecovery())
                .flatMap(primary -> Lsn.distance(standby.lsn(), primary.lsn()))
                .map(bytes -> ", " + Math.max(0, bytes) + " bytes behind it")
                .orElse("");
    }

    String copy(Member member, Worker worker) {
        return "The data of member " + member.address() + " (group " + member.group()
                + ") at another address: nothing is done by itself. If this is its new home and the old server is gone"
                + " for good, on the coordinator: SELECT citus_update_node(" + member.node() + ", "
                + worker.address().sqlArguments() + "); if it is a copy, stop it";
    }

    String carriesShards(int own) {
        return "Its own catalog lists " + own
                + " distributed placements of this cluster, which the coordinator does not"
                + " know: was the coordinator restored or failed over to an older state? Adding it could destroy live"
                + " shards. Restore the newer coordinator, or save this server's data before you reset it";
    }

    String formerMember(Tombstone stone) {
        return "A former member (group " + stone.group() + ", removed by " + stone.removedBy()
                + "): joins again, shouldhaveshards " + stone.shouldHaveShards() + " as before";
    }

    String twoUnderOneName(Identity before, Identity after) {
        return "Its name answered as server " + before + ", then as " + after
                + ": two servers share it, or it was just made anew. It joins when the same one answers twice in a row, "
                + Memory.TWO_PROBES.toSeconds() + " s apart; give each server a name of its own";
    }

    String aCoordinator(int nodes, int tables) {
        return "A Citus coordinator of its own (" + nodes + " nodes, " + tables
                + " Citus tables): adding it would take its tables away. If it is to be a worker, drop its tables and"
                + " nodes first, then " + RESET;
    }

    String copyOfTheCoordinator(int own) {
        return "A copy of this cluster's coordinator: it is never added as a worker. Stop it, or take it out of what"
                + " discovery sights"
                + (own == 0
                        ? ""
                        : ". It has shards of the coordinator, too: if the coordinator was restored or failed over, find"
                                + " out which of the two has the newer rows before you give it up");
    }

    String anothersWorker(GroupId group) {
        return "A worker (group " + group
                + ") of another cluster, whose coordinator answered through it: adding it would"
                + " take it over. Take it out of what discovery sights, or remove it there and " + RESET;
    }

    String unprovenWorker(GroupId group) {
        return "A worker (group " + group
                + ") of some cluster whose coordinator could not be asked, and unknown to this"
                + " ledger: adding it could take it over. If its data is not needed, " + RESET;
    }

    String groupTaken(GroupId group, Node primary) {
        return "Labelled for group " + group + ", which has a primary (" + primary.address()
                + "): Citus takes no second one. Correct the label, or remove that node";
    }

    String coordinatorsGroup() {
        return "Labelled for group 0, which is the coordinator's: correct the label";
    }

    String joining(Worker worker, Identity identity) {
        int blanks = overview.servers.blanksLike(identity);
        int members = overview.servers.membersLike(identity).size();
        String image = blanks + members > 1
                ? "; shares its system identifier with " + (blanks + members - 1) + " other"
                        + (blanks + members > 2 ? "s" : "") + " (made from one image), told apart by start time"
                : "";
        return "Joining: " + seenBy(worker) + ", and it belongs nowhere yet" + image;
    }

    String undecided(ServerReport report, Worker worker) {
        if (report.localGroup().equals(GroupId.COORDINATOR)) {
            return "It is not blank and belongs to nobody known: nothing is done by itself. If its data is not needed, "
                    + RESET;
        }
        return "It has this cluster's metadata (group " + report.localGroup()
                + "), but the ledger knows no such former member: nothing is done by itself. Add it by hand, on the"
                + " coordinator: SELECT citus_add_node(" + worker.address().sqlArguments() + "); or reset it "
                + RESET;
    }

    String extensionMissing() {
        return "Its database lacks the citus extension: on it, run CREATE EXTENSION citus; or set"
                + " roster.provision.create-extension=true";
    }

    /**
     * Why Citus could not take the server, or would destroy something on it.
     *
     * @param former whether the server was a member, so that orphaned shards on it are its own
     */
    Optional<String> unfitness(ServerReport report, boolean former) {
        if (report.readOnly() && !report.inRecovery()) {
            return Optional.of("It is read only (default_transaction_read_only): switch that off on it");
        }
        return report.candidate().flatMap(facts -> unfitness(facts, former));
    }

    private Optional<String> unfitness(ServerReport.Candidate facts, boolean former) {
        String expected = overview.coordinator().citusVersion();
        if (facts.extensionVersion().isEmpty()) {
            return Optional.of(extensionMissing());
        }
        if (!facts.extensionVersion().get().equals(expected)) {
            return Optional.of("It has citus " + facts.extensionVersion().get() + ", the coordinator " + expected
                    + ": install the same version, then on the older one: ALTER EXTENSION citus UPDATE;");
        }
        if (!facts.preloaded()) {
            return Optional.of("Its shared_preload_libraries lacks citus: on it, ALTER SYSTEM SET"
                    + " shared_preload_libraries = 'citus'; and restart it");
        }
        if (!facts.clashingTables().isEmpty()) {
            return Optional.of("It has a local table named like a distributed one (" + some(facts.clashingTables())
                    + "), which adding it would drop: rename or drop it there");
        }
        if (!former && !facts.shardNamedRelations().isEmpty()) {
            return Optional.of("It has relations named like shards of this cluster ("
                    + some(facts.shardNamedRelations())
                    + "), so it may hold data of a lost member: save what is needed, then drop them");
        }
        return Optional.empty();
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(3, names.size()))) + (names.size() > 3 ? ", ..." : "");
    }
}
