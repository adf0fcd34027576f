package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;

/** The sentences of row 0. */
final class IntentSentences {

    private IntentSentences() {}

    static String ordered(Intent intent) {
        return switch (intent.kind()) {
                    case DRAIN -> "Drain";
                    case REMOVE -> "Removal";
                    case REPLACE -> "Replacement";
                    case ACTIVATE -> "Activation";
                    case FOLLOW ->
                        "Follow" + intent.target().map(to -> " to " + to).orElse("");
                    case HOLD -> "Hold";
                    case REBALANCE -> "Rebalance";
                }
                + " (ordered by " + intent.orderedBy() + ", " + Words.time(intent.orderedAt()) + ")";
    }

    static String beginning(Intent intent, Placements carried) {
        return ordered(intent) + " begins: " + carried.distributed() + " distributed placements move to other nodes";
    }

    static String draining(Intent intent, RebalanceJob job, Placements carried) {
        return ordered(intent) + " goes on: " + job.done() + " of "
                + job.tasks().size() + " moves done (job " + job.id() + "), " + carried.distributed()
                + " distributed placements left";
    }

    /** What is known of a drain's moves beyond their number. */
    static String progress(MoveProgress progress) {
        String bytes = progress.bytes()
                .filter(counted -> counted.total() > 0)
                .map(counted -> "; " + Words.bytes(counted.moved()) + " of " + Words.bytes(counted.total()))
                .orElse("");
        String left = progress.eta()
                .map(eta -> ", about " + Words.length(eta) + " left")
                .orElse("");
        String stall = progress.stall()
                .map(why -> "; " + why.sentence() + ": " + why.remedy())
                .orElse("");
        return bytes + left + stall;
    }

    static String stuck(Intent intent, RebalanceJob job, String trouble) {
        return ordered(intent) + " is stuck, " + job.done() + " of "
                + job.tasks().size() + " moves done (job " + job.id() + "): Citus tries again what failed with: "
                + trouble + "; " + StallCauses.remedy(trouble);
    }

    static String failed(Intent intent) {
        String why = intent.note().orElse("for an unknown reason");
        return ordered(intent) + " was given up: " + why + "; " + StallCauses.remedy(why)
                + ". The node takes shards as before; order the drain again to go on, or cancel it";
    }

    static String whileSilent(Intent intent) {
        return ordered(intent) + " goes on when the server answers again";
    }

    static String stopping(Intent intent) {
        return ordered(intent)
                + " is cancelled: its job is stopped and the node takes shards as before; what has moved stays";
    }

    static String removing(Intent intent) {
        return ordered(intent) + ": nothing that others lack is left on it, so it is removed";
    }

    static String soleCopies(Intent intent, Placements carried) {
        return ordered(intent) + " waits: of " + (carried.soleDistributed() + carried.soleReference())
                + " shards the only copy is here. Cancel it and order a drain";
    }

    static String askedFirst(Intent intent) {
        return ordered(intent) + " waits until its server has been asked whether it lives";
    }

    static String activating(Intent intent) {
        return ordered(intent) + ": its server answers, so it is activated";
    }

    static String following(Intent intent) {
        return ordered(intent) + ": its row follows, nodeid and shards stay";
    }

    static String waits(Intent intent, String hindrance) {
        return ordered(intent) + " waits: " + hindrance;
    }

    static String mustAnswer(Intent intent) {
        return ordered(intent) + " waits until its own server answers at its address";
    }

    static String takesThePlace(HostPort target, LossPreview loss) {
        return target + " takes its place; the rows of " + loss.shards()
                + " shards are lost, and these are made empty: "
                + loss.names()
                + (loss.copied() == 0 ? "" : "; " + loss.copied() + " shards are copied from other nodes");
    }

    static String replacing(Intent intent, String next) {
        return ordered(intent) + ": " + next;
    }

    static String awaited(Intent intent) {
        return "Empty, and takes the place of " + intent.address() + " by order of " + intent.orderedBy();
    }

    static String keptOut(Intent intent, boolean stillRunsAsMember) {
        return "Kept out: "
                + switch (intent.kind()) {
                    case DRAIN -> "drained";
                    case REPLACE -> "lost and replaced";
                    case REMOVE, ACTIVATE, FOLLOW, HOLD, REBALANCE -> "removed";
                }
                + " by order of " + intent.orderedBy() + " (" + Words.time(intent.orderedAt())
                + "). "
                + (stillRunsAsMember
                        ? "It still runs with this cluster's old metadata, so whoever connects to it can write into live"
                                + " shards: stop it, take its access away, or "
                                + (intent.kind() == Intent.Kind.REPLACE
                                        ? "run DROP EXTENSION citus CASCADE on it, which leaves its shards as plain tables"
                                        : "cancel the order to let it join again")
                        : intent.kind() == Intent.Kind.REPLACE
                                ? "Cancel the order to forget it"
                                : "Cancel the order to let it join again, or stop it");
    }

    static String held(Intent intent) {
        return "held by order of " + intent.orderedBy() + " since " + Words.time(intent.orderedAt())
                + "; cancel the order to let Roster act";
    }
}
