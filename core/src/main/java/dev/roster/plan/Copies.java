package dev.roster.plan;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows 5 to 7: servers with a member's data that are not the one at its row's address, and whether the row may follow one of
 * them. A copy is followed only if it is shown to have all that the old server had; whatever is not shown is an alarm for a
 * person (law 5).
 */
final class Copies {

    private final Overview overview;
    private final CopySentences sentences;
    private final Once<Map<NodeId, List<Copy>>> byNode = new Once<>(this::index);

    Copies(Overview overview) {
        this.overview = overview;
        this.sentences = new CopySentences(overview);
    }

    /**
     * A server with a member's data, elsewhere.
     *
     * @param address where it answers
     * @param at when it last did
     * @param report what it said
     * @param secondary the secondary's row that has this address, if one has
     */
    record Copy(HostPort address, Instant at, ServerReport report, Optional<Node> secondary) {

        boolean isWritable() {
            return !report.inRecovery();
        }
    }

    /**
     * A primary's row, its member, and what was last known of its own server.
     *
     * @param node the row
     * @param member what the ledger knows
     * @param copies servers elsewhere that have its data
     */
    record Original(Node node, Member member, List<Copy> copies) {}

    /** What became of the server at a row's own address. */
    enum Old {
        /** It answers as writable. */
        WRITABLE,
        /** It answers, and is a standby now. */
        STANDBY,
        /** It gives no sign of life. */
        SILENT,
        /** Another server answers there. */
        ANOTHER,
        /** It shows life, but cannot be asked. */
        UNASKABLE,
        /** It was not asked lately. */
        UNASKED
    }

    /** What is decided about a writable copy at an address of its own, or at a secondary's; empty if it is nobody's. */
    Optional<Decision> judge(HostPort address, ServerReport report) {
        return original(report)
                .flatMap(original -> original.copies().stream()
                        .filter(copy -> copy.address().equals(address) && copy.isWritable())
                        .findFirst()
                        .map(copy ->
                                judge(original, copy).naming(original.node().id())));
    }

    /** Where a primary's row goes in this plan, if it follows a copy. */
    Optional<HostPort> followedTo(Node node) {
        Optional<Member> member = overview.member(node.id());
        return member.flatMap(known -> copiesOf(node).stream()
                .filter(Copy::isWritable)
                .filter(copy -> judge(original(node, known), copy).action().isPresent())
                .map(Copy::address)
                .findFirst());
    }

    /**
     * Whether the data of every member, of two at least, is writable elsewhere, and no member's own server is known to be gone:
     * one that was not asked yet may live. While one copy answers, the others count that were seen beside their members before.
     */
    boolean areOfEveryMember() {
        if (byNode.get().isEmpty()) {
            return false;
        }
        List<Original> all = new ArrayList<>();
        for (Node node : overview.cluster().nodes()) {
            if (node.isActivePrimary() && !node.isCoordinator()) {
                Optional<Member> member = overview.member(node.id())
                        .filter(known -> known.identity().isPresent());
                if (member.isEmpty()) {
                    return false;
                }
                all.add(new Original(node, member.get(), copiesOf(node)));
            }
        }
        return all.size() > 1
                && all.stream().anyMatch(Copies::isWritableElsewhere)
                && all.stream()
                        .allMatch(original -> (isWritableElsewhere(original)
                                        || !twins(original).isEmpty())
                                && mayLive(original));
    }

    private static boolean isWritableElsewhere(Original original) {
        return original.copies().stream().anyMatch(Copy::isWritable);
    }

    private boolean mayLive(Original original) {
        return switch (old(original)) {
            case WRITABLE, UNASKED, UNASKABLE -> true;
            case STANDBY, SILENT, ANOTHER -> false;
        };
    }

    /** The row whose data this server has: its member's identifier and the local group; a blank server is nobody's copy. */
    Optional<Original> original(ServerReport report) {
        GroupId group = report.localGroup();
        if (group.equals(GroupId.COORDINATOR)) {
            return Optional.empty();
        }
        return overview.primaryOf(group)
                .flatMap(node -> overview.member(node.id())
                        .filter(member -> member.hasDataOf(report))
                        .map(member -> original(node, member)));
    }

    /** A primary's row whose member's data is known, with the servers elsewhere that have it. */
    Original original(Node node, Member member) {
        return new Original(node, member, copiesOf(node));
    }

    private List<Copy> copiesOf(Node node) {
        return byNode.get().getOrDefault(node.id(), List.of());
    }

    private Map<NodeId, List<Copy>> index() {
        Map<NodeId, List<Copy>> index = new HashMap<>();
        for (Worker worker : overview.unregistered()) {
            if (worker.health().mayBeReady()) {
                note(worker.address(), Optional.empty(), index);
            }
        }
        for (Node node : overview.cluster().nodes()) {
            if (node.role() == NodeRole.SECONDARY && !node.isCoordinator() && !node.isClone()) {
                note(node.address(), Optional.of(node), index);
            }
        }
        return index;
    }

    private void note(HostPort address, Optional<Node> secondary, Map<NodeId, List<Copy>> index) {
        if (!(overview.probe(address).orElse(null) instanceof ProbeResult.Answered answered)
                || !overview.isFresh(answered)
                || answered.report().localGroup().equals(GroupId.COORDINATOR)) {
            return;
        }
        ServerReport report = answered.report();
        overview.primaryOf(report.localGroup())
                .filter(node -> overview.member(node.id())
                        .filter(member -> member.hasDataOf(report))
                        .isPresent())
                .filter(node -> overview.answer(node.address())
                        .filter(report::sameServer)
                        .isEmpty())
                .ifPresent(node -> index.computeIfAbsent(node.id(), _ -> new ArrayList<>())
                        .add(new Copy(address, answered.at(), report, secondary)));
    }

    private Decision judge(Original original, Copy copy) {
        Optional<Intent> order = overview.intentFor(original.node())
                .filter(intent -> intent.kind() == Intent.Kind.FOLLOW && intent.stage() == Intent.Stage.ORDERED);
        if (order.isPresent()) {
            return Decision.say(Situation.COPY, sentences.ordered(original, order.get()));
        }
        Old old = old(original);
        if (old == Old.WRITABLE) {
            return isSideBySide(original, copy)
                    ? Decision.say(Situation.TWIN, sentences.twin(original, copy))
                    : Decision.say(Situation.COPY, sentences.askedAgain(original));
        }
        Optional<Copy> other = original.copies().stream()
                .filter(that -> that.isWritable() && !that.report().sameServer(copy.report()))
                .findFirst();
        if (other.isPresent()) {
            return Decision.say(Situation.TWIN, sentences.twins(original, copy, other.get()));
        }
        if (!twins(original).isEmpty() && old != Old.STANDBY) {
            return Decision.say(Situation.STALE_COPY, sentences.wasTwin(original, copy));
        }
        Optional<String> hindrance = hindrance(original, copy, old);
        if (hindrance.isPresent()) {
            return Decision.say(Situation.COPY, hindrance.get());
        }
        return shown(original, copy, old);
    }

    /** What has to be known or mended before a copy is judged at all. */
    private Optional<String> hindrance(Original original, Copy copy, Old old) {
        if (!original.node().isActive()) {
            return Optional.of(sentences.inactive(original));
        }
        if (copy.report().readOnly()) {
            return Optional.of(sentences.readOnly(original));
        }
        return switch (old) {
            case UNASKED -> Optional.of(sentences.askedAgain(original));
            case UNASKABLE -> Optional.of(sentences.unaskable(original));
            case SILENT ->
                overview.seen
                                .sightings()
                                .at(original.node().address())
                                .filter(worker -> worker.health() == WorkerHealth.READY)
                                .isPresent()
                        ? Optional.of(sentences.calledReady(original))
                        : Optional.empty();
            case STANDBY, ANOTHER, WRITABLE -> Optional.empty();
        };
    }

    /** Row 5's three ways, or row 7. */
    private Decision shown(Original original, Copy copy, Old old) {
        if (!copy.report().relationPresent().orElse(true)) {
            return Decision.say(Situation.STALE_COPY, sentences.lacksShards(original, copy));
        }
        Optional<Member.LastSeen> known = lastSeen(original);
        if (known.isEmpty()) {
            return Decision.say(Situation.STALE_COPY, sentences.nothingKnown(original, copy));
        }
        Member.LastSeen last = known.get();
        if (last.startTime().equals(copy.report().startTime())) {
            return follow(original, copy, "the same running server, at another address");
        }
        int timeline = copy.report().timeline();
        if (timeline == 0 || last.timeline() == 0) {
            return Decision.say(Situation.COPY, sentences.timelineUnknown(original));
        }
        if (timeline > last.timeline()) {
            return promoted(original, copy, old, last);
        }
        return timeline == last.timeline()
                ? restarted(original, copy, old, last)
                : Decision.say(Situation.STALE_COPY, sentences.olderTimeline(original, copy, last));
    }

    /** Row 5 (b): it left the member's timeline not before what the member was last seen at. */
    private Decision promoted(Original original, Copy copy, Old old, Member.LastSeen last) {
        Optional<String> fork = Optional.ofNullable(copy.report().forks().get(last.timeline()));
        Optional<Long> missing = fork.flatMap(left -> Lsn.distance(left, last.lsn()));
        if (missing.isEmpty()) {
            return Decision.say(Situation.STALE_COPY, sentences.unknownFork(original, copy, last));
        }
        boolean isKnown = original.member().standbys().contains(copy.address());
        boolean seenByThisProcess = watch(original).flatMap(Memory.Watch::good).isPresent();
        long allowed = isKnown && seenByThisProcess ? overview.settings.follow().maxLag() : 0;
        if (missing.get() > allowed) {
            return Decision.say(Situation.STALE_COPY, sentences.behind(original, copy, missing.get()));
        }
        if (!isKnown && !seenByThisProcess && old != Old.STANDBY) {
            return Decision.say(Situation.STALE_COPY, sentences.notWatched(original, copy));
        }
        boolean isGone = old == Old.STANDBY
                || (old == Old.SILENT && (isKnown || isGivenUp(original)))
                || (old == Old.ANOTHER && isConfirmed(original));
        return isGone
                ? follow(
                        original,
                        copy,
                        (isKnown ? "its standby was promoted" : "a promoted copy of it") + ", timeline "
                                + copy.report().timeline() + " from " + fork.orElse("?"))
                : Decision.say(Situation.COPY, sentences.triedAgain(original));
    }

    /** Row 5 (c): the same timeline, not behind, and the old address is gone for good. */
    private Decision restarted(Original original, Copy copy, Old old, Member.LastSeen last) {
        long missing = Lsn.distance(copy.report().lsn(), last.lsn()).orElse(Long.MAX_VALUE);
        if (missing > 0) {
            return Decision.say(Situation.STALE_COPY, sentences.behind(original, copy, missing));
        }
        if (watch(original).flatMap(Memory.Watch::good).isEmpty()) {
            return Decision.say(Situation.STALE_COPY, sentences.notWatched(original, copy));
        }
        boolean isAbsent =
                overview.seen.memory().absentSince().containsKey(original.node().address())
                        || original.node().address().equals(copy.address());
        if (old == Old.SILENT && !isAbsent) {
            return Decision.say(Situation.COPY, sentences.stillKnown(original));
        }
        boolean isGone = old == Old.ANOTHER ? isConfirmed(original) : old == Old.SILENT && isGivenUp(original);
        if (old == Old.STANDBY) {
            return Decision.say(Situation.STALE_COPY, sentences.sameTimelineAsStandby(original, copy));
        }
        return isGone
                ? follow(original, copy, "its data was started at another address")
                : Decision.say(Situation.COPY, sentences.triedAgain(original));
    }

    private Decision follow(Original original, Copy copy, String reason) {
        return Decision.act(
                Situation.FOLLOWING,
                sentences.following(original, reason),
                new OrderedFollow(overview)
                        .action(original.node(), original.member(), copy.address(), Optional.empty(), reason));
    }

    /**
     * Whether a server at another member's registered address is the one that was known: the same running server, or its data
     * started anew and not behind, while others have come to stay at its own address.
     */
    boolean isShownMoved(Original original, ServerReport report) {
        Optional<Member.LastSeen> last = lastSeen(original);
        if (last.filter(seen -> seen.startTime().equals(report.startTime())).isPresent()) {
            return true;
        }
        return watch(original)
                        .flatMap(Memory.Watch::good)
                        .filter(good -> good.timeline() != 0
                                && good.timeline() == report.timeline()
                                && Lsn.distance(report.lsn(), good.lsn())
                                        .filter(missing -> missing <= 0)
                                        .isPresent())
                        .isPresent()
                && old(original) == Old.ANOTHER
                && isConfirmed(original);
    }

    /** What is known of a member's own server: what this process heard last, or else what the ledger says. */
    private Optional<Member.LastSeen> lastSeen(Original original) {
        return watch(original)
                .flatMap(Memory.Watch::good)
                .or(() -> original.member().lastSeen().filter(seen -> !seen.inRecovery()));
    }

    private Optional<Memory.Watch> watch(Original original) {
        Memory.Watch watch =
                overview.seen.memory().watches().get(original.node().id());
        return watch != null && watch.address().equals(original.node().address())
                ? Optional.of(watch)
                : Optional.empty();
    }

    /** Where its data was seen writable beside it, by this process or one before. */
    Set<HostPort> twins(Original original) {
        Set<HostPort> all = new HashSet<>(original.member().twins());
        watch(original).ifPresent(watch -> all.addAll(watch.twins()));
        return all;
    }

    private boolean isGivenUp(Original original) {
        return watch(original).filter(Memory.Watch::isGivenUp).isPresent();
    }

    /** Whether another server has come to stay at the old address. */
    private boolean isConfirmed(Original original) {
        return Optional.ofNullable(
                        overview.seen.memory().newIdentity().get(original.node().id()))
                .filter(Memory.SeenIdentity::isConfirmed)
                .isPresent();
    }

    Old old(Original original) {
        Optional<ProbeResult> probe = overview.probe(original.node().address()).filter(overview::isFresh);
        if (probe.isEmpty()) {
            return Old.UNASKED;
        }
        return switch (probe.get()) {
            case ProbeResult.Answered answered -> {
                ServerReport report = answered.report();
                boolean itself = original.member().hasDataOf(report)
                        && report.localGroup().equals(original.node().group());
                yield !itself ? Old.ANOTHER : report.inRecovery() ? Old.STANDBY : Old.WRITABLE;
            }
            case ProbeResult.Failed failed -> failed.failure().showsLife() ? Old.UNASKABLE : Old.SILENT;
        };
    }

    /** An answer from before the copy's says nothing of the same moment: the old server may have died in between. */
    boolean isSideBySide(Original original, Copy copy) {
        return overview.probe(original.node().address())
                .filter(old -> !old.at().isBefore(copy.at().minus(Twins.SIDE_BY_SIDE)))
                .isPresent();
    }
}
