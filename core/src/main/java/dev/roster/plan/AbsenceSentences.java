package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Scope;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.AbsentRows.Absence;
import java.time.Duration;
import java.util.Optional;

/** The sentences of rows 24 to 34: what is so, why, and what would change it (law 8). */
final class AbsenceSentences {

    private final Overview overview;

    AbsenceSentences(Overview overview) {
        this.overview = overview;
    }

    String unmanaged(Node node) {
        return "Node of group " + node.group()
                + ", registered by somebody else, and no source sights it: left as it is. It is adopted once a source does";
    }

    String disabledByOthers(Node node) {
        return "Node of group " + node.group()
                + ", disabled by somebody else (isactive=false) and not sighted: left as it is";
    }

    String neverSighted(Node node) {
        return "Member of group " + node.group()
                + " that no source has ever sighted, so its absence says nothing: kept";
    }

    String notCovered(Node node, Scope scope) {
        return "Member of group " + node.group() + ", not sighted; kept, because "
                + overview.coverage.whyNotCovered(scope);
    }

    String alive(Absence it) {
        return "No longer discovered (" + since(it) + "), but its server still answers at "
                + it.node().address() + ": kept. Make it known to discovery again, or stop it if it is to leave";
    }

    String secondary(Absence it) {
        return "Secondary of group " + it.node().group() + ", not sighted: kept, since " + whySecondaryIsKept(it)
                + "; it holds nothing of its own and hinders nobody. To take it out: " + remove(it.node());
    }

    private String whySecondaryIsKept(Absence it) {
        if (!Secondaries.isOwn(it.member())) {
            return "Roster did not register it";
        }
        return overview.settings.probe().isOn() ? "roster.departure.remove=never" : "roster.probe.mode=off";
    }

    String stillPresent(Absence it, HostPort name) {
        return "Not sighted as a worker now, but " + name
                + " is still known to its source: kept until it is gone or back" + hindrance(it);
    }

    String withinGrace(Absence it) {
        return "Absent since " + Words.time(it.since()) + ": judged in "
                + Words.length(Duration.between(overview.now, it.graceEnds()))
                + " (departure grace), unless it comes back";
    }

    String notAskedYet(Absence it) {
        return "Absent " + since(it) + ": judged when the probe of its address, made since, has failed";
    }

    String stranded(Absence it) {
        Placements placements = it.placements();
        Node node = it.node();
        return "Stranded: absent " + since(it) + ", " + found(it) + ", and it holds the only copy of "
                + placements.soleDistributed()
                + " distributed shard placements, so nothing is removed. Queries on those"
                + " shards fail; until it is back, reference table writes, adding or changing nodes, and DDL on distributed"
                + " tables fail too. Ways out: start its server again with its data at this address; if its data runs"
                + " elsewhere, SELECT citus_update_node(" + node.id() + ", 'host', port); or restore it from a backup";
    }

    String unprovenAbsence(Absence it) {
        String why = overview.settings.departure().remove() == PlanSettings.DepartureRemove.NEVER
                ? "roster.departure.remove=never"
                : it.member().scope().map(Scope::source).orElse("its source")
                        + " cannot prove that it is gone (roster.departure.remove=certain)";
        return "Absent " + since(it) + ", " + found(it) + ": kept, because " + why + ". If it is gone for good: "
                + remove(it.node()) + hindrance(it);
    }

    String leaving(Absence it) {
        return "Gone (" + whyGone(it) + ") and holds no shards that others lack: is removed";
    }

    String askedOnceMore(Absence it) {
        return "Gone (" + whyGone(it) + "): its address is asked once more before anything is changed";
    }

    /** Why a node is taken for gone, in words that follow an action. */
    String whyGone(Absence it) {
        String source = it.member().scope().map(Scope::source).orElse("discovery");
        return "not sighted by " + source + " " + since(it) + ", " + found(it);
    }

    String adopted(Absence it) {
        return "Absent " + since(it) + ", " + found(it)
                + ", holds no shards: kept, since Roster did not add it. If it is" + " gone for good: "
                + remove(it.node()) + hindrance(it);
    }

    String disabling(Absence it, Duration patience) {
        return "Absent for " + Words.length(Duration.between(it.since(), overview.now)) + " (roster.disable.after="
                + Words.length(patience)
                + "), and every shard has another copy: is disabled, so that reference tables can"
                + " be written again";
    }

    String kept(Absence it, Optional<HostPort> elsewhere) {
        return "Absent " + since(it) + ", " + found(it) + ": kept, because " + whyKept(it, elsewhere) + hindrance(it);
    }

    private String whyKept(Absence it, Optional<HostPort> elsewhere) {
        Placements placements = it.placements();
        if (elsewhere.isPresent()) {
            return "its data is sighted at " + elsewhere.get();
        }
        if (placements.soleReference() > 0) {
            return "it holds the only copy of " + placements.soleReference()
                    + " reference table placements: start its server again with its data, or restore it from a backup";
        }
        if (placements.distributed() > 0) {
            return it.node().isActive()
                    ? "it holds " + placements.distributed() + " distributed placements (all with other copies); "
                            + overview.settings
                                    .disableAfter()
                                    .map(after -> "it is disabled after " + Words.length(after))
                                    .orElse("roster.disable.after=never")
                    : "it holds " + placements.distributed()
                            + " distributed placements, and is disabled until it comes back";
        }
        return "roster.probe.mode=off, and only a probe can tell that it is gone. If it is: " + remove(it.node());
    }

    private String since(Absence it) {
        return "since " + Words.time(it.since());
    }

    private String found(Absence it) {
        return overview.probe(it.node().address())
                .filter(overview::isFresh)
                .map(probe -> switch (probe) {
                    case ProbeResult.Answered _ -> "another server answers at its address";
                    case ProbeResult.Failed _ -> "its server does not answer";
                })
                .orElse("its server was not asked lately");
    }

    private static String hindrance(Absence it) {
        return it.node().isActivePrimary()
                ? "; while it does not answer, other nodes cannot be added or changed, and reference tables not written"
                : "";
    }

    private static String remove(Node node) {
        return "SELECT citus_remove_node(" + node.address().sqlArguments() + ") on the coordinator";
    }
}
