package dev.roster.plan;

import static dev.roster.plan.Decision.act;
import static dev.roster.plan.Decision.say;

import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Rows 12 to 23: a node that is sighted, at its address or by a living alias. The list stands in the table's order; what is
 * not built yet has its place between its neighbours.
 */
final class NodeRows {

    /** How long {@code metadatasynced} may be false before it is an alarm; Citus retries every 5 s. */
    private static final Duration SYNC_PATIENCE = Duration.ofMinutes(2);

    private final Overview overview;
    private final WorkerRows workerRows;
    private final NodeSentences sentences;
    private final MemberNotes notes;

    private final List<Row<SightedNode>> rows = List.of(
            this::neverTouched,
            this::notReady,
            this::disabledByOthers,
            this::reactivate,
            this::identityUnknown,
            this::member,
            this::wrongRecoveryState,
            this::adopt,
            this::unproven,
            this::secondaryReplaced,
            this::moved,
            this::reinitialised,
            this::replaceEmptyServer,
            this::replaced);

    NodeRows(Overview overview, WorkerRows workerRows) {
        this.overview = overview;
        this.workerRows = workerRows;
        this.sentences = new NodeSentences(overview);
        this.notes = new MemberNotes(overview);
    }

    /**
     * A node and how it was sighted.
     *
     * @param node the row
     * @param worker the sighting, at the node's address or at an alias
     * @param member what the ledger knows, if it is a member
     * @param answer what the server at the registered address says of itself, if it was asked lately and answered
     */
    record SightedNode(Node node, Worker worker, Optional<Member> member, Optional<ServerReport> answer) {

        boolean isDisabledByRoster() {
            return !node.isActive() && member.map(Member::disabledByRoster).orElse(false);
        }

        /** Whether the answer has the data that the ledger knows. */
        boolean isOwnIdentity(ServerReport report) {
            return member.filter(known -> known.hasDataOf(report)).isPresent();
        }

        /** Whether the ledger has nothing to compare an identity with. */
        boolean isUnknownIdentity() {
            return member.flatMap(Member::identity).isEmpty();
        }

        boolean inItsRole(ServerReport report) {
            return report.inRecovery() == (node.role() == NodeRole.SECONDARY);
        }
    }

    Decision judge(Node node, Worker worker) {
        return Row.first(
                rows, new SightedNode(node, worker, overview.member(node.id()), overview.answer(node.address())));
    }

    /** Row 12, which holds whether the node is sighted or not. */
    static boolean isNeverTouched(Node node) {
        return node.isCoordinator() || node.isClone() || node.role() == NodeRole.UNAVAILABLE;
    }

    /** Row 12. */
    private Optional<Decision> neverTouched(SightedNode it) {
        return isNeverTouched(it.node())
                ? Optional.of(say(Situation.COORDINATOR_ROW, NodeSentences.neverTouched(it.node())))
                : Optional.empty();
    }

    /** Row 13. */
    private Optional<Decision> notReady(SightedNode it) {
        return it.worker().health().mayBeReady()
                ? Optional.empty()
                : Optional.of(say(Situation.MEMBER_NOT_READY, sentences.notReady(it.node(), it.worker()))
                        .noting(sighted(it)));
    }

    /** Row 14. */
    private Optional<Decision> disabledByOthers(SightedNode it) {
        return it.node().isActive() || it.isDisabledByRoster()
                ? Optional.empty()
                : Optional.of(say(Situation.DISABLED_BY_OTHERS, sentences.disabledByOthers(it.node())));
    }

    /** Row 15; whether Citus would drop replicated copies is a filter's question. */
    private Optional<Decision> reactivate(SightedNode it) {
        if (!it.isDisabledByRoster()) {
            return Optional.empty();
        }
        return it.answer()
                .filter(report -> it.isOwnIdentity(report) && carriesItsGroup(it, report) && it.inItsRole(report))
                .flatMap(_ -> it.member())
                .map(member -> act(
                        Situation.REACTIVATING,
                        sentences.reactivating(),
                        new Action.ActivateNode(it.node(), member, "its server is back")));
    }

    /** Row 16. */
    private Optional<Decision> identityUnknown(SightedNode it) {
        return it.answer().isPresent()
                ? Optional.empty()
                : Optional.of(say(Situation.IDENTITY_UNKNOWN, sentences.identityUnknown(it.node(), it.member()))
                        .noting(sighted(it)));
    }

    /** Row 17; a member that was added blindly gets its identity here. */
    private Optional<Decision> member(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        if (it.member().isEmpty() || !it.inItsRole(report) || !carriesItsGroup(it, report)) {
            return Optional.empty();
        }
        if (!it.isOwnIdentity(report) && !(it.isUnknownIdentity() && overview.servers.hasOurMetadata(report))) {
            return Optional.empty();
        }
        Member member = it.member().get();
        List<LedgerChange> learnt = notes.answered(it.node(), it.worker(), member, report);
        Instant since = overview.seen.memory().unsyncedSince().get(it.node().id());
        if (since != null && since.plus(SYNC_PATIENCE).isBefore(overview.now)) {
            return Optional.of(
                    say(Situation.OUT_OF_SYNC, sentences.outOfSync(since)).noting(learnt));
        }
        return Optional.of(say(Situation.MEMBER, sentences.member(it.node(), it.worker(), member, report))
                .noting(learnt));
    }

    /** Rows 18 and 18b: a promoted secondary is judged as any copy of its primary's data, and a follow is told at its row. */
    private Optional<Decision> wrongRecoveryState(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        boolean itsServer = it.isUnknownIdentity() || it.isOwnIdentity(report);
        if (!itsServer
                || it.inItsRole(report)
                || !report.localGroup().equals(it.node().group())) {
            return Optional.empty();
        }
        Optional<Decision> promoted = it.node().role() == NodeRole.SECONDARY
                ? overview.copies.judge(it.node().address(), report)
                : overview.copies
                        .followedTo(it.node())
                        .map(to -> say(Situation.FOLLOWING, sentences.followed(it.node(), to)));
        return promoted.or(
                () -> Optional.of(say(Situation.WRONG_RECOVERY_STATE, sentences.wrongRecoveryState(it.node()))));
    }

    /** Row 19. */
    private Optional<Decision> adopt(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        return it.member().isEmpty()
                        && it.inItsRole(report)
                        && carriesItsGroup(it, report)
                        && overview.servers.hasOurMetadata(report)
                ? Optional.of(act(
                        Situation.ADOPTING,
                        sentences.adopting(it.worker()),
                        new Action.AdoptNode(
                                it.node(),
                                report.identity(),
                                it.worker().scope(),
                                "it carries this cluster's metadata, and "
                                        + it.worker().scope().source() + " sights it")))
                : Optional.empty();
    }

    /** Row 19 where the proof is missing rather than against it: the row is kept, and asked again. */
    private Optional<Decision> unproven(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        return it.isUnknownIdentity() && carriesItsGroup(it, report) && !overview.servers.hasOthersMetadata(report)
                ? Optional.of(say(
                                Situation.IDENTITY_UNKNOWN,
                                sentences.unproven(overview.cluster().coordinator()))
                        .noting(sighted(it)))
                : Optional.empty();
    }

    /** Row 27, as far as a secondary's server can be seen to be another. */
    private Optional<Decision> secondaryReplaced(SightedNode it) {
        return overview.secondaries.replaced(it.node(), it.member(), it.answer().orElseThrow());
    }

    /** Row 20. */
    private Optional<Decision> moved(SightedNode it) {
        return overview.moves
                .other(it.node(), it.answer().orElseThrow())
                .map(other -> overview.moves.judge(it.node(), other));
    }

    /** Row 21. */
    private Optional<Decision> reinitialised(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        String serverId =
                it.member().flatMap(Member::identity).map(Identity::serverId).orElse("");
        return !serverId.isEmpty()
                        && !it.isOwnIdentity(report)
                        && it.inItsRole(report)
                        && serverId.equals(report.identity().serverId())
                        && carriesItsGroup(it, report)
                ? it.member()
                        .map(member -> say(Situation.REINITIALISED, sentences.reinitialised())
                                .noting(notes.reinitialised(it.node(), it.worker(), member, report)))
                : Optional.empty();
    }

    /** Row 22. */
    private Optional<Decision> replaceEmptyServer(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        if (it.isUnknownIdentity()
                || it.isOwnIdentity(report)
                || it.node().role() == NodeRole.SECONDARY
                || !placements(it.node()).isEmptyEnoughToRemove()) {
            return Optional.empty();
        }
        Worker worker =
                it.worker().address().equals(it.node().address()) ? it.worker() : renamed(it.worker(), it.node());
        if (report.candidate().isEmpty()) {
            return Optional.of(say(Situation.EMPTY_SERVER_REPLACED, sentences.askedWhetherFit()));
        }
        Decision asCandidate = workerRows.judgeInPlaceOf(it.node(), worker, report);
        boolean fit = asCandidate.situation() == Situation.JOINING
                || asCandidate.situation() == Situation.FORMER_MEMBER
                || asCandidate.situation() == Situation.NOT_PROBED;
        if (!fit) {
            return Optional.empty();
        }
        if (!overview.seen.memory().hasComeToStay(it.node().id(), report.identity())
                || asCandidate.action().isEmpty()) {
            return Optional.of(say(Situation.EMPTY_SERVER_REPLACED, sentences.askedTwice()));
        }
        return it.member()
                .map(member -> act(
                        Situation.EMPTY_SERVER_REPLACED,
                        sentences.replacingEmpty(),
                        new Action.ReplaceEmptyNode(
                                it.node(),
                                member,
                                worker,
                                report.identity(),
                                report.candidate().map(ServerReport.Candidate::comparedWith),
                                "another, empty server stands at its address, and it held nothing")));
    }

    /** The row keeps its address, whatever name the server is sighted under. */
    private static Worker renamed(Worker worker, Node node) {
        return new Worker(
                worker.name(),
                node.address(),
                worker.health(),
                worker.detail(),
                worker.group(),
                worker.scope(),
                worker.roleIsExplicit());
    }

    /** Row 23, the last of this part. */
    private Optional<Decision> replaced(SightedNode it) {
        ServerReport report = it.answer().orElseThrow();
        return Optional.of(
                say(Situation.REPLACED, sentences.replaced(it.node(), it.member(), report, placements(it.node()))));
    }

    /**
     * Whether the server is of the row's group, and has the relation of one of its placements. A server that has run since it
     * was last good cannot have lost its data meanwhile; the relation may have moved away between the two questions.
     */
    private boolean carriesItsGroup(SightedNode it, ServerReport report) {
        if (!report.localGroup().equals(it.node().group())) {
            return false;
        }
        boolean hasRunSince = it.isOwnIdentity(report)
                && it.member()
                        .flatMap(Member::lastSeen)
                        .map(Member.LastSeen::startTime)
                        .map(report.startTime()::equals)
                        .orElse(false);
        return hasRunSince
                || report.relationPresent().orElse(true)
                || placements(it.node()).sampleRelation().isEmpty();
    }

    private Placements placements(Node node) {
        return overview.cluster().placementsOf(node.group());
    }

    private List<LedgerChange> sighted(SightedNode it) {
        return it.member()
                .map(member -> notes.sighted(it.node(), it.worker(), member))
                .orElse(List.of());
    }
}
