package dev.roster.plan;

import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Worker;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The sentences of rows 12 to 23: what is so, why, and what would change it (law 8). */
final class NodeSentences {

    private final Overview overview;

    NodeSentences(Overview overview) {
        this.overview = overview;
    }

    static String neverTouched(Node node) {
        if (node.isCoordinator()) {
            return "The coordinator's own row: never touched";
        }
        return node.isClone()
                ? "A clone of another node (nodeisclone): never touched"
                : "A row of a role that Roster does not know: never touched";
    }

    String notReady(Node node, Worker worker) {
        String state = worker.health().name().toLowerCase(Locale.ROOT);
        String detail = worker.detail().isBlank() ? "" : " (" + worker.detail() + ")";
        return "Node of group " + node.group() + ", " + state + " by "
                + worker.scope().source() + detail + ": the row is kept until it is back" + blocked(node);
    }

    String disabledByOthers(Node node) {
        return "Disabled by somebody else (isactive=false): left so. To use it again, on the coordinator: SELECT"
                + " citus_activate_node(" + node.address().sqlArguments() + ");";
    }

    String reactivating() {
        return "Disabled by Roster while it was away, and back with its data: is activated";
    }

    String identityUnknown(Node node, Optional<Member> member) {
        String who = (member.isPresent() ? "Member" : "Node") + " of group " + node.group();
        if (!overview.settings.probe().isOn()) {
            return who + ", identity unknown, since roster.probe.mode=off: the row is kept, and another server at its"
                    + " address would not be noticed";
        }
        String disabled =
                node.isActive() ? "" : "; it was disabled by Roster, and is activated when its server answers";
        return overview.probe(node.address())
                .filter(overview::isFresh)
                .map(probe -> switch (probe) {
                    case ProbeResult.Failed failed ->
                        who + ", but its server does not answer the coordinator's probe" + since(node) + ": "
                                + failed.sentence() + "; the row is kept" + blocked(node) + disabled;
                    case ProbeResult.Answered _ -> who + ", its server answered";
                })
                .orElse(who + ", identity unknown: its server has not been asked yet, or too long ago; the row is kept"
                        + disabled);
    }

    private String since(Node node) {
        Instant silent = overview.seen.memory().silentSince().get(node.address());
        return silent == null ? "" : " since " + Words.time(silent);
    }

    /** What Citus cannot do while an active primary is away. */
    private static String blocked(Node node) {
        return node.isActivePrimary()
                ? "; while it does not answer, other nodes cannot be added or changed, and reference tables not written"
                : "";
    }

    String member(Node node, Worker worker, Member member, ServerReport report) {
        StringBuilder text = new StringBuilder(96)
                .append(node.role() == NodeRole.SECONDARY ? "Secondary of group " : "Member of group ")
                .append(node.group().value())
                .append(member.origin() == Origin.ADDED ? ", added by Roster, seen by " : ", adopted, seen by ")
                .append(worker.scope().source());
        if (!worker.address().equals(node.address())) {
            text.append(" as ").append(worker.address());
        }
        if (node.role() == NodeRole.SECONDARY) {
            text.append(lag(node, report));
        }
        if (!node.isActive()) {
            text.append(", inactive");
        }
        if (!node.shouldHaveShards()) {
            text.append(", takes no shards (shouldhaveshards=false)");
        }
        worker.group()
                .filter(label -> !label.equals(node.group()))
                .ifPresent(label -> text.append("; its label says group ").append(label));
        return text.toString();
    }

    private String lag(Node node, ServerReport standby) {
        return overview.primaryOf(node.group())
                .flatMap(primary -> overview.answer(primary.address()))
                .flatMap(primary -> Lsn.distance(standby.lsn(), primary.lsn()))
                .map(bytes -> ", " + Math.max(0, bytes) + " bytes behind its primary")
                .orElse("");
    }

    String outOfSync(Instant since) {
        return "Out of sync (metadatasynced=false) since " + Words.time(since)
                + ": other nodes cannot be added or changed until Citus has sent it the metadata. Look at the"
                + " coordinator's log, and whether this server accepts the coordinator's login";
    }

    String wrongRecoveryState(Node node) {
        return node.role() == NodeRole.SECONDARY
                ? "Registered as a secondary, but its server is writable: was it promoted? The row is kept. If its primary is"
                        + " gone for good, let the primary's row point here with citus_update_node"
                : "Registered as a primary, but its server is in recovery: writes to its shards fail. Promote it (SELECT"
                        + " pg_promote();), or let its row point to its new primary with SELECT citus_update_node("
                        + node.id() + ", 'host', port);";
    }

    String followed(Node node, HostPort to) {
        return "Its server is a standby now, and its data is writable at " + to + ": the row of group " + node.group()
                + " follows there";
    }

    String adopting(Worker worker) {
        return "Registered by somebody else, carries this cluster's metadata, seen by "
                + worker.scope().source() + ": is adopted, and never removed by itself";
    }

    String unproven(CoordinatorState coordinator) {
        return "Its server is of this row's group, but whether it has this cluster's metadata could not be proved yet"
                + (coordinator.registered().isPresent()
                        ? " (the coordinator is asked through it): kept, and asked again"
                        : ": the coordinator has no row in pg_dist_node, through which it would be asked. Give it one with"
                                + " SELECT citus_set_coordinator_host('HOST', PORT), HOST being how workers reach it;"
                                + " until then the row is kept");
    }

    String reinitialised() {
        return "Re-initialised (a major upgrade): a new system identifier, the same Citus server id and data; recorded";
    }

    String askedWhetherFit() {
        return "Another server answers at its address; it held nothing, so it is replaced if the new one may join: it is"
                + " asked more";
    }

    String askedTwice() {
        return "Another, empty server answers at its address; it held nothing, so it is replaced when the new one answers"
                + " twice, " + Memory.TWO_PROBES.toSeconds() + " s apart";
    }

    String replacingEmpty() {
        return "Another, empty server has taken its address for good, and it held nothing: the old row is removed and the new"
                + " server added";
    }

    String replaced(Node node, Optional<Member> member, ServerReport report, Placements placements) {
        return what(node, member, report) + "; " + waysOut(node, placements);
    }

    private String what(Node node, Optional<Member> member, ServerReport report) {
        if (overview.servers.isCoordinator(report)) {
            return "Replaced: the coordinator itself answers at its address";
        }
        Optional<Member> other = overview.servers.membersLike(report.identity()).stream()
                .filter(that -> !that.node().equals(node.id()) && that.group().equals(report.localGroup()))
                .findFirst();
        if (other.isPresent()) {
            return "Replaced: the server of member " + other.get().address() + " (group " + report.localGroup()
                    + ") answers at its address";
        }
        if (overview.servers.hasOthersMetadata(report)) {
            return "Replaced: a worker of another cluster (group " + report.localGroup() + ") answers at its address";
        }
        String expected = member.flatMap(Member::identity)
                .filter(known -> !known.sameData(report.identity()))
                .map(known -> " (system identifier " + report.identity() + " instead of " + known + ")")
                .orElse("");
        if (report.localGroup().equals(GroupId.COORDINATOR)) {
            return "Replaced: the server at its address came back empty, it belongs to no group" + expected;
        }
        return report.localGroup().equals(node.group())
                ? "Replaced: the server at its address lacks the shards of its group " + node.group() + expected
                : "Replaced: the server at its address is of group " + report.localGroup() + ", not " + node.group()
                        + expected;
    }

    private String waysOut(Node node, Placements placements) {
        if (placements.isEmptyEnoughToRemove()) {
            return "the row held no shards, so nothing is lost: stop the wrong server and bring the right one back, or take"
                    + " the row out with SELECT citus_remove_node("
                    + node.address().sqlArguments() + ");";
        }
        return "nothing is done, since its " + placements.distributed() + " distributed placements"
                + (placements.hasSoleCopies() ? " (" + placements.soleDistributed() + " without another copy)" : "")
                + " cannot be reached. Ways out: bring the server with its old data directory back to this address; or, if"
                + " that runs elsewhere, SELECT citus_update_node(" + node.id()
                + ", 'host', port); or restore it from a backup. Until then keep writers away from this server";
    }
}
