package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import dev.roster.plan.Copies.Copy;
import dev.roster.plan.Copies.Original;

/** The sentences of rows 4 to 7: whose data it is, why its row follows it or not, and what would change that (law 8). */
final class CopySentences {

    private final Overview overview;

    CopySentences(Overview overview) {
        this.overview = overview;
    }

    String following(Original original, String reason) {
        return "The data of " + name(original) + " (" + reason + "): its row follows, nodeid "
                + original.node().id() + " and its shards stay";
    }

    String ordered(Original original, Intent order) {
        return "The data of " + name(original) + ", whose row is to follow by order of " + order.orderedBy()
                + order.target().map(to -> " to " + to).orElse("");
    }

    String askedAgain(Original original) {
        return "The data of " + name(original)
                + ", writable: followed once it is known what became of the old server, which" + " is asked now";
    }

    String unaskable(Original original) {
        String why = overview.probe(original.node().address()).orElse(null) instanceof ProbeResult.Failed failed
                ? failed.sentence()
                : "it does not say what it is";
        return "The data of " + name(original) + ", writable; the old server is alive but cannot be asked (" + why
                + "), so nothing is followed yet";
    }

    String calledReady(Original original) {
        return "The data of " + name(original)
                + ", writable; the old server does not answer the coordinator, but its source"
                + " calls it ready, so nothing is followed yet: mend the way there, or stop it";
    }

    String stillKnown(Original original) {
        return "The data of " + name(original)
                + ", on the same timeline; the old server does not answer, but its address is"
                + " not gone: followed when no source sights it any more";
    }

    String triedAgain(Original original) {
        return "The data of " + name(original) + ", writable: followed when the old server has failed three times over "
                + Memory.TWO_PROBES.toSeconds() + " s";
    }

    String inactive(Original original) {
        return "The data of " + name(original) + ", whose row is inactive: activate that first";
    }

    String readOnly(Original original) {
        return "The data of " + name(original)
                + ", out of recovery but read only (default_transaction_read_only): switch that off on it";
    }

    String timelineUnknown(Original original) {
        return "The data of " + name(original) + ", writable, but its timeline could not be told: asked again";
    }

    String twin(Original original, Copy copy) {
        return "Twin: the data of " + name(original)
                + " is writable here and there at once, so what is written to one is"
                + " missing in the other. Nothing is followed. Stop the wrong one" + orOrder(original, copy);
    }

    String twins(Original original, Copy copy, Copy other) {
        return "Twin: the data of " + name(original) + " is writable here and at " + other.address()
                + ". Nothing is followed. Stop the wrong one" + orOrder(original, copy);
    }

    String wasTwin(Original original, Copy copy) {
        return stale(original) + ": its data was seen writable in two places ("
                + String.join(
                        ", ",
                        overview.copies.twins(original).stream()
                                .sorted()
                                .map(HostPort::toString)
                                .toList())
                + " beside it), so neither is shown to have all rows" + orOrder(original, copy);
    }

    String nothingKnown(Original original, Copy copy) {
        return stale(original) + ": the old server was never seen, so there is nothing to compare with"
                + orOrder(original, copy);
    }

    String notWatched(Original original, Copy copy) {
        return stale(original) + ": the old server went while Roster was not looking, and this one was not known as its"
                + " standby" + orOrder(original, copy);
    }

    String lacksShards(Original original, Copy copy) {
        return stale(original) + ": it lacks "
                + overview.cluster()
                        .placementsOf(original.node().group())
                        .sampleRelation()
                        .orElse("a shard")
                + " (at " + copy.address() + "). Bring the old server back, or restore a newer backup";
    }

    String olderTimeline(Original original, Copy copy, Member.LastSeen last) {
        return stale(original) + ": it is on timeline " + copy.report().timeline() + ", the old server was on "
                + last.timeline() + orOrder(original, copy);
    }

    String unknownFork(Original original, Copy copy, Member.LastSeen last) {
        return stale(original) + ": where timeline " + copy.report().timeline() + " left timeline " + last.timeline()
                + " could not be told" + orOrder(original, copy);
    }

    String behind(Original original, Copy copy, long bytes) {
        return stale(original) + ": it lacks the last " + bytes + " bytes of WAL that the old server was seen with"
                + orOrder(original, copy);
    }

    String sameTimelineAsStandby(Original original, Copy copy) {
        return stale(original) + ": it is writable on the timeline that the server at "
                + original.node().address() + " follows as a standby, so it was not promoted from it"
                + orOrder(original, copy);
    }

    private static String stale(Original original) {
        return "Stale copy of " + name(original) + ", not followed";
    }

    private static String name(Original original) {
        return "member " + original.node().address() + " (group "
                + original.node().group() + ")";
    }

    /** How a person moves the row, who knows better. */
    private static String orOrder(Original original, Copy copy) {
        return ". If it is the right one: roster follow " + original.node().address() + " --to " + copy.address();
    }
}
