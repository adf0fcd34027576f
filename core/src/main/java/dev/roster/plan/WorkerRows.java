package dev.roster.plan;

import static dev.roster.plan.Decision.act;
import static dev.roster.plan.Decision.say;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.ledger.Tombstone;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rows 1 to 11b: a worker that is sighted while no node has its address. The lists stand in the table's order; what is not
 * built yet has its place between its neighbours.
 */
final class WorkerRows {

    private final Overview overview;
    private final Servers servers;
    private final WorkerSentences sentences;

    private final List<Row<Worker>> unseen = List.of(
            // Row 0, a person's order for this identity, comes first; it comes with the commands for people.
            this::notReady, this::coordinatorsAddress, this::blind, this::notProbed);

    private final List<Row<Candidate>> probed = List.of(
            this::self,
            this::alias,
            this::aliasOfAnotherIdentity,
            this::standby,
            this::copy,
            this::carriesShards,
            this::formerMember,
            this::twoUnderOneName,
            this::foreign,
            this::unfit,
            this::blank,
            this::metadataPushedToIt,
            this::undecided);

    WorkerRows(Overview overview) {
        this.overview = overview;
        this.servers = overview.servers;
        this.sentences = new WorkerSentences(overview);
    }

    /**
     * A worker and what the server behind it says of itself.
     *
     * @param worker the worker
     * @param report the answer of a fresh probe
     * @param inPlaceOf the node whose address this is, if its server may be replaced (row 22)
     */
    private record Candidate(Worker worker, ServerReport report, Optional<Node> inPlaceOf) {

        Identity identity() {
            return report.identity();
        }
    }

    /** Decides about a worker whose address no node has. */
    Decision judge(Worker worker) {
        for (Row<Worker> row : unseen) {
            Optional<Decision> decision = row.judge(worker);
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        return overview.answer(worker.address())
                .map(report -> Row.first(probed, new Candidate(worker, report, Optional.empty())))
                .orElseThrow();
    }

    /** What would be decided about the server now at a node's address if it stood at an address of its own (row 22). */
    Decision judgeInPlaceOf(Node node, Worker worker, ServerReport report) {
        return Row.first(probed, new Candidate(worker, report, Optional.of(node)));
    }

    /** Row 1, the source's part. */
    private Optional<Decision> notReady(Worker worker) {
        return worker.health().mayBeReady()
                ? Optional.empty()
                : Optional.of(say(Situation.NOT_READY, sentences.notReady(worker)));
    }

    /** Row 2, as far as the address alone tells. */
    private Optional<Decision> coordinatorsAddress(Worker worker) {
        return worker.address().equals(overview.coordinator().dialed())
                ? Optional.of(say(Situation.SELF, sentences.self()))
                : Optional.empty();
    }

    /** Row 11 without probes. */
    private Optional<Decision> blind(Worker worker) {
        if (overview.settings.probe().isOn()) {
            return Optional.empty();
        }
        return Optional.of(unwelcomeGroup(worker)
                .orElseGet(() -> act(
                        Situation.JOINING,
                        sentences.joiningBlindly(worker),
                        new Action.AddNode(worker, Optional.empty(), Optional.empty(), sentences.seenBy(worker)))));
    }

    /** Row 1, the probe's part; that the extension is missing is an answer already, and belongs to row 10. */
    private Optional<Decision> notProbed(Worker worker) {
        Optional<ProbeResult> probe = overview.probe(worker.address()).filter(overview::isFresh);
        if (probe.isEmpty()) {
            return Optional.of(say(Situation.NOT_PROBED, sentences.notProbed(worker)));
        }
        return switch (probe.get()) {
            case ProbeResult.Failed failed
            when failed.failure() == ProbeFailure.NO_EXTENSION ->
                Optional.of(say(Situation.UNFIT, sentences.extensionMissing()));
            case ProbeResult.Failed failed ->
                Optional.of(say(Situation.NOT_PROBED, sentences.probeFailed(worker, failed)));
            case ProbeResult.Answered answered
            when answered.report().candidate().isEmpty() ->
                Optional.of(say(Situation.NOT_PROBED, sentences.notProbed(worker)));
            case ProbeResult.Answered _ -> Optional.empty();
        };
    }

    /** Row 2. */
    private Optional<Decision> self(Candidate candidate) {
        return servers.isCoordinator(candidate.report())
                ? Optional.of(say(Situation.SELF, sentences.self()))
                : Optional.empty();
    }

    /** Row 3, and the second name of a worker that is about to join under its first. */
    private Optional<Decision> alias(Candidate candidate) {
        Optional<Node> node = registeredElsewhere(candidate);
        if (node.isPresent()) {
            return overview.aliasesOf(node.get()).contains(candidate.worker())
                    ? Optional.of(say(Situation.ALIAS, sentences.aliasOf(node.get())))
                    : Optional.empty();
        }
        if (candidate.inPlaceOf().isPresent()) {
            return Optional.empty();
        }
        return servers.firstNameOf(candidate.report())
                .filter(first -> !first.address().equals(candidate.worker().address()))
                .map(first -> say(Situation.ALIAS, sentences.aliasOf(first)));
    }

    /** Row 3b: row 20 decides about the node. */
    private Optional<Decision> aliasOfAnotherIdentity(Candidate candidate) {
        return registeredElsewhere(candidate).map(node -> say(Situation.MOVED, sentences.movedUnderTwoNames(node)));
    }

    private Optional<Node> registeredElsewhere(Candidate candidate) {
        return servers.registeredAs(candidate.report())
                .filter(node -> !node.address().equals(candidate.worker().address()));
    }

    /** Row 4. */
    private Optional<Decision> standby(Candidate candidate) {
        if (!candidate.report().inRecovery()) {
            return Optional.empty();
        }
        Decision decision = overview.secondaries
                .registration(candidate.worker(), candidate.report())
                .orElseGet(() -> say(Situation.STANDBY, sentences.standby(candidate.report(), original(candidate))));
        return Optional.of(
                original(candidate).map(Member::node).map(decision::naming).orElse(decision));
    }

    /** Rows 5 to 7; data of a member whose row is no active primary's waits for a person. */
    private Optional<Decision> copy(Candidate candidate) {
        return overview.copies
                .judge(candidate.worker().address(), candidate.report())
                .or(() -> original(candidate)
                        .map(member -> say(Situation.STALE_COPY, sentences.copy(member, candidate.worker()))
                                .naming(member.node())));
    }

    /** The member whose copy this is: its identifier and its group. A blank server is nobody's copy. */
    private Optional<Member> original(Candidate candidate) {
        GroupId group = candidate.report().localGroup();
        return group.equals(GroupId.COORDINATOR)
                ? Optional.empty()
                : servers.membersLike(candidate.identity()).stream()
                        .filter(member -> member.group().equals(group))
                        .min(Comparator.comparing(this::isOfSecondary));
    }

    private boolean isOfSecondary(Member member) {
        return overview.cluster()
                .node(member.node())
                .filter(node -> node.role() == NodeRole.SECONDARY)
                .isPresent();
    }

    /** Row 8. The shards that a copy of the coordinator has of group 0 are the coordinator's own: row 10. */
    private Optional<Decision> carriesShards(Candidate candidate) {
        int own = ownPlacements(candidate.report());
        return own > 0 && !isCopyOfTheCoordinator(candidate.report()) && servers.hasOurMetadata(candidate.report())
                ? Optional.of(say(Situation.CARRIES_SHARDS, sentences.carriesShards(own)))
                : Optional.empty();
    }

    private boolean isCopyOfTheCoordinator(ServerReport report) {
        return report.localGroup().equals(GroupId.COORDINATOR) && servers.hasCoordinatorsData(report);
    }

    private static int ownPlacements(ServerReport report) {
        return report.candidate()
                .map(ServerReport.Candidate::ownDistributedPlacements)
                .orElse(0);
    }

    /** Row 9. What joined another cluster meanwhile, or lacks what Citus needs, is row 10's: adding it would take or lose data. */
    private Optional<Decision> formerMember(Candidate candidate) {
        if (servers.hasOthersMetadata(candidate.report())
                || ownPlacements(candidate.report()) > 0
                || sentences.unfitness(candidate.report(), true).isPresent()) {
            return Optional.empty();
        }
        return servers.tombstoneOf(candidate.report(), candidate.worker().address())
                .map(stone ->
                        join(candidate, Situation.FORMER_MEMBER, sentences.formerMember(stone), Optional.of(stone)));
    }

    /** Row 10, as far as two servers under one name can be seen: another identity answers from probe to probe. */
    private Optional<Decision> twoUnderOneName(Candidate candidate) {
        return Optional.ofNullable(overview.seen
                        .memory()
                        .answering()
                        .get(candidate.worker().address()))
                .flatMap(answering -> answering
                        .before()
                        .map(before -> say(
                                Situation.UNFIT,
                                sentences.twoUnderOneName(
                                        before, answering.current().identity()))));
    }

    /** Row 10. */
    private Optional<Decision> foreign(Candidate candidate) {
        ServerReport report = candidate.report();
        boolean inGroup = !report.localGroup().equals(GroupId.COORDINATOR);
        int tables = report.candidate().map(ServerReport.Candidate::citusTables).orElse(0);
        if (!inGroup && (report.nodes() > 0 || tables > 0 || ownPlacements(report) > 0)) {
            return Optional.of(say(
                    Situation.FOREIGN,
                    isCopyOfTheCoordinator(report)
                            ? sentences.copyOfTheCoordinator(ownPlacements(report))
                            : sentences.aCoordinator(report.nodes(), tables)));
        }
        if (inGroup && !servers.hasOurMetadata(report)) {
            return Optional.of(say(
                    Situation.FOREIGN,
                    servers.hasOthersMetadata(report)
                            ? sentences.anothersWorker(report.localGroup())
                            : sentences.unprovenWorker(report.localGroup())));
        }
        return Optional.empty();
    }

    /** Row 10. */
    private Optional<Decision> unfit(Candidate candidate) {
        return sentences.unfitness(candidate.report(), false).map(sentence -> say(Situation.UNFIT, sentence));
    }

    /** Row 11. */
    private Optional<Decision> blank(Candidate candidate) {
        if (!candidate.report().isBlank()) {
            return Optional.empty();
        }
        if (candidate.inPlaceOf().isEmpty()) {
            Optional<Decision> unwelcome = unwelcomeGroup(candidate.worker());
            if (unwelcome.isPresent()) {
                return unwelcome;
            }
        }
        return Optional.of(join(
                candidate,
                Situation.JOINING,
                sentences.joining(candidate.worker(), candidate.identity()),
                Optional.empty()));
    }

    /**
     * Row 22 only: an empty server at a node's address to which Citus has already sent that row's group and metadata is as
     * empty as a blank one.
     */
    private Optional<Decision> metadataPushedToIt(Candidate candidate) {
        return candidate
                .inPlaceOf()
                .filter(node -> node.group().equals(candidate.report().localGroup())
                        && servers.hasOurMetadata(candidate.report()))
                .map(_ -> join(
                        candidate,
                        Situation.JOINING,
                        sentences.joining(candidate.worker(), candidate.identity()),
                        Optional.empty()));
    }

    /** Row 11b. */
    private Optional<Decision> undecided(Candidate candidate) {
        return Optional.of(say(Situation.UNDECIDED, sentences.undecided(candidate.report(), candidate.worker())));
    }

    /** Citus takes a second primary into no group, and group 0 is the coordinator's. */
    private Optional<Decision> unwelcomeGroup(Worker worker) {
        return worker.group()
                .flatMap(group -> overview.primaryOf(group)
                        .map(primary -> sentences.groupTaken(group, primary))
                        .or(() -> group.equals(GroupId.COORDINATOR)
                                ? Optional.of(sentences.coordinatorsGroup())
                                : Optional.empty())
                        .map(sentence -> say(Situation.UNDECIDED, sentence)));
    }

    private Decision join(Candidate candidate, Situation situation, String sentence, Optional<Tombstone> stone) {
        boolean freshEnough = overview.probe(candidate.worker().address())
                .filter(overview::isFreshEnoughToAct)
                .isPresent();
        if (!freshEnough) {
            return say(Situation.NOT_PROBED, sentences.askedAgain());
        }
        return act(
                situation,
                sentence,
                new Action.AddNode(
                        candidate.worker(),
                        Optional.of(candidate.identity()),
                        candidate.report().candidate().map(ServerReport.Candidate::comparedWith),
                        stone.map(Tombstone::shouldHaveShards),
                        stone.isPresent()
                                ? "a former member, " + sentences.seenBy(candidate.worker())
                                : sentences.seenBy(candidate.worker())));
    }
}
