package dev.roster.plan;

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
                    case ACTIVATE -> "Activation";
                    case FOLLOW ->
                        "Follow" + intent.target().map(to -> " to " + to).orElse("");
                    case HOLD -> "Hold";
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

    static String stuck(Intent intent, RebalanceJob job, String trouble) {
        return ordered(intent) + " is stuck, " + job.done() + " of "
                + job.tasks().size() + " moves done (job " + job.id() + "): Citus tries again what failed with: "
                + trouble + "; " + remedy(trouble);
    }

    static String failed(Intent intent) {
        String why = intent.note().orElse("for an unknown reason");
        return ordered(intent) + " was given up: " + why + "; " + remedy(why)
                + ". The node takes shards as before; order the drain again to go on, or cancel it";
    }

    private static String remedy(String trouble) {
        if (trouble.contains("wal_level")) {
            return "set wal_level=logical on every node and restart it";
        }
        if (trouble.contains("REPLICA IDENTITY")) {
            return "add a primary key, or cancel and drain with the mode block_writes";
        }
        if (trouble.contains("replication slots") || trouble.contains("max_wal_senders")) {
            return "raise max_replication_slots and max_wal_senders on the node";
        }
        return "look at the coordinator's log";
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

    static String keptOut(Intent intent, boolean stillRunsAsMember) {
        return "Kept out: "
                + switch (intent.kind()) {
                    case DRAIN -> "drained";
                    case REMOVE, ACTIVATE, FOLLOW, HOLD -> "removed";
                }
                + " by order of " + intent.orderedBy() + " (" + Words.time(intent.orderedAt())
                + "). "
                + (stillRunsAsMember
                        ? "It still runs with this cluster's old metadata, so whoever connects to it can write into live"
                                + " shards: stop it, take its access away, or cancel the order to let it join again"
                        : "Cancel the order to let it join again, or stop it");
    }

    static String held(Intent intent) {
        return "held by order of " + intent.orderedBy() + " since " + Words.time(intent.orderedAt())
                + "; cancel the order to let Roster act";
    }
}
