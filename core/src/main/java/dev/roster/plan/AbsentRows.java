package dev.roster.plan;

import static dev.roster.plan.Decision.act;
import static dev.roster.plan.Decision.say;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings.DepartureRemove;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rows 24 to 34: a node that is not sighted, neither at its address nor by a living alias. The list stands in the table's
 * order; what is not built yet has its place between its neighbours.
 */
final class AbsentRows {

    private final Overview overview;
    private final Map<NodeId, HostPort> sightedElsewhere;
    private final AbsenceSentences sentences;

    private final List<Row<Node>> anybody = List.of(this::neverTouched, this::unmanaged);

    private final List<Row<Absence>> members = List.of(
            this::notCovered,
            this::alive,
            this::secondary,
            this::withinGrace,
            this::stranded,
            this::unprovenAbsence,
            this::removeEmpty,
            this::adopted,
            this::disable,
            this::kept);

    /**
     * The third part of the table for one pass.
     *
     * @param overview the observation
     * @param sightedElsewhere members whose data is sighted at an address without a node (rows 5 to 7), and where
     */
    AbsentRows(Overview overview, Map<NodeId, HostPort> sightedElsewhere) {
        this.overview = overview;
        this.sightedElsewhere = Map.copyOf(sightedElsewhere);
        this.sentences = new AbsenceSentences(overview);
    }

    /**
     * A member that is not sighted.
     *
     * @param node its row
     * @param member what the ledger knows
     * @param placements what its group carries
     * @param since since when its absence counts
     * @param grace how long it must be absent
     */
    record Absence(Node node, Member member, Placements placements, Instant since, Duration grace) {

        /** When the grace time ends. */
        Instant graceEnds() {
            return since.plus(grace);
        }
    }

    Decision judge(Node node) {
        for (Row<Node> row : anybody) {
            Optional<Decision> decision = row.judge(node);
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        Member member = overview.member(node.id()).orElseThrow();
        return Row.first(
                members,
                new Absence(
                        node,
                        member,
                        overview.cluster().placementsOf(node.group()),
                        overview.seen.memory().absentSince().getOrDefault(node.address(), overview.now),
                        absenceIsProof(member)
                                ? overview.settings.departure().provenGrace()
                                : overview.settings.departure().grace()));
    }

    private boolean absenceIsProof(Member member) {
        return member.scope()
                .flatMap(overview.coverage::completeIn)
                .map(Sighting.Complete::absenceIsProof)
                .orElse(false);
    }

    /** Row 12. */
    private Optional<Decision> neverTouched(Node node) {
        return NodeRows.isNeverTouched(node)
                ? Optional.of(say(Situation.COORDINATOR_ROW, NodeSentences.neverTouched(node)))
                : Optional.empty();
    }

    /** Row 24. */
    private Optional<Decision> unmanaged(Node node) {
        Optional<Member> member = overview.member(node.id());
        if (member.isEmpty()) {
            return Optional.of(say(Situation.UNMANAGED, sentences.unmanaged(node)));
        }
        return node.isActive() || member.get().disabledByRoster()
                ? Optional.empty()
                : Optional.of(say(Situation.UNMANAGED, sentences.disabledByOthers(node)));
    }

    /** Row 25. */
    private Optional<Decision> notCovered(Absence it) {
        Optional<Scope> scope = it.member().scope();
        if (scope.isEmpty()) {
            return Optional.of(say(Situation.OUT_OF_SCOPE, sentences.neverSighted(it.node())));
        }
        return overview.coverage.completeIn(scope.get()).isPresent()
                ? Optional.empty()
                : Optional.of(say(Situation.OUT_OF_SCOPE, sentences.notCovered(it.node(), scope.get())));
    }

    /** Row 26. An answer from before the absence began says nothing of now. */
    private Optional<Decision> alive(Absence it) {
        return lateProbe(it)
                .filter(probe -> Remembering.showsLifeOf(it.member(), probe))
                .map(_ -> say(Situation.ALIVE_UNDISCOVERED, sentences.alive(it)));
    }

    /** Row 27; what Roster did not register is kept, as is all that only a probe could show to be gone. */
    private Optional<Decision> secondary(Absence it) {
        if (it.node().role() != NodeRole.SECONDARY) {
            return Optional.empty();
        }
        if (!Secondaries.isOwn(it.member())
                || overview.settings.departure().remove() == DepartureRemove.NEVER
                || !overview.settings.probe().isOn()) {
            return Optional.of(say(Situation.KEPT, sentences.secondary(it)));
        }
        return withinGrace(it)
                .or(() -> Optional.of(
                        isJustNow(lateProbe(it))
                                ? Secondaries.gone(it, sentences.whyGone(it))
                                : say(Situation.SECONDARY_LEAVING, sentences.askedOnceMore(it))));
    }

    /** Row 28; void while a source knows its name, and until a probe made since could have found it alive. */
    private Optional<Decision> withinGrace(Absence it) {
        Optional<HostPort> present = Stream.concat(Stream.of(it.node().address()), it.member().aliases().stream())
                .filter(name -> overview.coverage.isAlsoPresent(name) || overview.isSightedUnregistered(name))
                .sorted()
                .findFirst();
        if (present.isPresent()) {
            return Optional.of(say(Situation.ABSENT, sentences.stillPresent(it, present.get())));
        }
        if (overview.now.isBefore(it.graceEnds())) {
            return Optional.of(say(Situation.ABSENT, sentences.withinGrace(it)));
        }
        boolean asked = !overview.settings.probe().isOn() || lateProbe(it).isPresent();
        return asked ? Optional.empty() : Optional.of(say(Situation.ABSENT, sentences.notAskedYet(it)));
    }

    /** Row 29. */
    private Optional<Decision> stranded(Absence it) {
        return it.placements().soleDistributed() > 0
                ? Optional.of(say(Situation.STRANDED, sentences.stranded(it)))
                : Optional.empty();
    }

    /** Row 30. */
    private Optional<Decision> unprovenAbsence(Absence it) {
        DepartureRemove remove = overview.settings.departure().remove();
        boolean kept =
                remove == DepartureRemove.NEVER || (remove == DepartureRemove.CERTAIN && !absenceIsProof(it.member()));
        return kept ? Optional.of(say(Situation.ABSENT_UNPROVEN, sentences.unprovenAbsence(it))) : Optional.empty();
    }

    /** Row 31; without probes nobody can tell that it is gone, and an old one does not tell that it still is. */
    private Optional<Decision> removeEmpty(Absence it) {
        boolean mayGo = it.member().origin() == Origin.ADDED
                && it.placements().isEmptyEnoughToRemove()
                && !sightedElsewhere.containsKey(it.node().id())
                && lateProbe(it).isPresent();
        if (!mayGo) {
            return Optional.empty();
        }
        return Optional.of(
                isJustNow(lateProbe(it))
                        ? act(
                                Situation.LEAVING,
                                sentences.leaving(it),
                                new Action.RemoveNode(it.node(), it.member(), true, sentences.whyGone(it)))
                        : say(Situation.LEAVING, sentences.askedOnceMore(it)));
    }

    /** Row 32. */
    private Optional<Decision> adopted(Absence it) {
        return it.member().origin() == Origin.ADOPTED && it.placements().isEmptyEnoughToRemove()
                ? Optional.of(say(Situation.ADOPTED_ABSENT, sentences.adopted(it)))
                : Optional.empty();
    }

    /** Row 33. */
    private Optional<Decision> disable(Absence it) {
        Placements placements = it.placements();
        boolean copiesElsewhere = placements.distributed() > 0 && !placements.hasSoleCopies();
        return overview.settings
                .disableAfter()
                .filter(patience -> copiesElsewhere
                        && it.node().isActive()
                        && lateProbe(it).isPresent()
                        && !sightedElsewhere.containsKey(it.node().id())
                        && !overview.now.isBefore(it.since().plus(patience)))
                .map(patience -> isJustNow(lateProbe(it))
                        ? act(
                                Situation.DISABLING,
                                sentences.disabling(it, patience),
                                new Action.DisableNode(
                                        it.node(),
                                        it.member(),
                                        sentences.whyGone(it) + ", and its shards have other copies"))
                        : say(Situation.DISABLING, sentences.askedOnceMore(it)));
    }

    /** Row 34, the last of this part. */
    private Optional<Decision> kept(Absence it) {
        return Optional.of(say(
                Situation.KEPT,
                sentences.kept(
                        it, Optional.ofNullable(sightedElsewhere.get(it.node().id())))));
    }

    /** What is settled is asked only now and then; before the row goes its server must have failed just now. */
    private boolean isJustNow(Optional<ProbeResult> probe) {
        return probe.filter(overview::isFreshEnoughToAct).isPresent();
    }

    /** The probe of its registered address, if it is fresh and later than the absence's beginning. */
    private Optional<ProbeResult> lateProbe(Absence it) {
        return overview.probe(it.node().address())
                .filter(overview::isFresh)
                .filter(probe -> !probe.at().isBefore(it.since()));
    }
}
