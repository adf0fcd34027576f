package dev.roster.app.api;

import dev.roster.app.engine.RosterEngine;
import dev.roster.app.engine.Version;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.execute.Outcome;
import dev.roster.ledger.Member;
import dev.roster.plan.Action;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.Situation.Weight;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.PassResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the API's records from the engine's values. Thread-safe; asks nobody, but for a preview. */
public final class Answers {

    private final RosterEngine engine;

    /**
     * @param engine whose state is told
     */
    public Answers(RosterEngine engine) {
        this.engine = engine;
    }

    /** {@link StatusView}. */
    public StatusView status() {
        Optional<PassResult> latest = engine.latest();
        Plan plan = latest.map(PassResult::plan).orElse(Plan.EMPTY);
        return new StatusView(
                Version.NUMBER,
                SituationView.word(engine.settings().plan().mode()),
                engine.startedAt(),
                engine.isReady(),
                new StatusView.Leadership(engine.isLeading(), engine.leader()),
                coordinator(latest),
                engine.sources().stream()
                        .map(source -> SourceView.of(source, engine.now()))
                        .toList(),
                counts(latest, plan),
                orders(cluster(latest.flatMap(PassResult::seen))),
                moves(cluster(latest.flatMap(PassResult::seen))),
                plan.alarms(),
                plan.withheld().stream().map(WithheldView::of).toList(),
                latest.map(Answers::lastPass),
                latest.flatMap(PassResult::provisioning).map(ProvisioningView::of));
    }

    /**
     * {@link RebalanceView}.
     *
     * @param preview whether Citus is asked what it would move
     * @throws CoordinatorUnavailable if it cannot be asked
     */
    public RebalanceView rebalance(boolean preview) throws CoordinatorUnavailable {
        List<RebalanceView.Planned> moves = preview
                ? engine.previewRebalance().moves().stream()
                        .map(RebalanceView.Planned::of)
                        .toList()
                : List.of();
        return RebalanceView.of(cluster(engine.latest().flatMap(PassResult::seen)), moves);
    }

    /** {@link WorkersView}. */
    public WorkersView workers() {
        Optional<Observation> seen = engine.latest().flatMap(PassResult::seen);
        Map<HostPort, Verdict> verdicts = verdicts();
        return new WorkersView(
                seen.stream()
                        .flatMap(observed -> observed.sightings().workers().stream())
                        .map(worker ->
                                worker(worker, cluster(seen), Optional.ofNullable(verdicts.get(worker.address()))))
                        .toList(),
                seen.stream()
                        .flatMap(observed -> observed.sightings().sources().stream())
                        .flatMap(Answers::setAside)
                        .toList());
    }

    /** {@link NodesView}. */
    public NodesView nodes() {
        Map<HostPort, Verdict> verdicts = verdicts();
        return new NodesView(engine.latest()
                .flatMap(PassResult::seen)
                .map(Observation::cluster)
                .map(cluster -> cluster.nodes().stream()
                        .map(node -> node(node, cluster, Optional.ofNullable(verdicts.get(node.address()))))
                        .toList())
                .orElse(List.of()));
    }

    /** {@link OrdersView}. */
    public OrdersView orders() {
        Optional<ClusterSnapshot> seen = cluster(engine.latest().flatMap(PassResult::seen));
        return new OrdersView(orders(seen), moves(seen), seen.map(ClusterSnapshot::at));
    }

    private List<StandingOrder> orders(Optional<ClusterSnapshot> seen) {
        return seen.map(cluster -> StandingOrder.all(cluster, verdicts())).orElse(List.of());
    }

    /** {@link PlanView}. */
    public PlanView plan() {
        Optional<PassResult> latest = engine.latest();
        Plan plan = latest.map(PassResult::plan).orElse(Plan.EMPTY);
        return new PlanView(
                SituationView.word(engine.settings().plan().mode()),
                engine.isLeading(),
                latest.map(PassResult::sentence).orElse("The first pass has not ended yet"),
                plan.actions().stream()
                        .map(action ->
                                planned(action, latest.map(PassResult::outcomes).orElse(List.of())))
                        .toList(),
                plan.withheld().stream().map(WithheldView::of).toList(),
                plan.alarms());
    }

    private static Optional<RebalanceView> moves(Optional<ClusterSnapshot> seen) {
        return Optional.of(RebalanceView.of(seen, List.of()))
                .filter(view -> !view.state().equals("idle") || view.hint().isPresent());
    }

    private StatusView.Coordinator coordinator(Optional<PassResult> latest) {
        Optional<CoordinatorState> state =
                latest.flatMap(PassResult::seen).map(Observation::cluster).map(ClusterSnapshot::coordinator);
        Optional<PassResult.Trouble> trouble = latest.flatMap(PassResult::trouble);
        return new StatusView.Coordinator(
                engine.settings().coordinator().toString(),
                state.isPresent() && trouble.isEmpty(),
                state.map(CoordinatorState::dialed).map(HostPort::toString),
                state.flatMap(CoordinatorState::registered).map(HostPort::toString),
                state.map(CoordinatorState::database),
                state.map(CoordinatorState::citusVersion),
                trouble.map(told -> new StatusView.Trouble(told.sentence(), told.remedy())));
    }

    private static StatusView.Counts counts(Optional<PassResult> latest, Plan plan) {
        Optional<Observation> seen = latest.flatMap(PassResult::seen);
        return new StatusView.Counts(
                seen.map(observed -> observed.sightings().workers().size()).orElse(0),
                seen.map(observed -> (int) observed.cluster().nodes().stream()
                                .filter(node -> !node.isCoordinator())
                                .count())
                        .orElse(0),
                count(plan, Weight.WAITING),
                count(plan, Weight.ALARM) + plan.alarms().size());
    }

    private static long count(Plan plan, Weight weight) {
        return plan.verdicts().stream()
                .filter(verdict -> verdict.situation().weight() == weight)
                .count();
    }

    private static StatusView.LastPass lastPass(PassResult result) {
        return new StatusView.LastPass(
                result.number(), result.startedAt(), result.took().toMillis(), result.sentence(), result.nextBy());
    }

    private Map<HostPort, Verdict> verdicts() {
        return engine.latest().map(PassResult::plan).orElse(Plan.EMPTY).verdicts().stream()
                .collect(Collectors.toMap(Verdict::address, Function.identity(), (first, _) -> first));
    }

    private static Optional<ClusterSnapshot> cluster(Optional<Observation> seen) {
        return seen.map(Observation::cluster);
    }

    private static WorkersView.Worker worker(
            Worker worker, Optional<ClusterSnapshot> cluster, Optional<Verdict> verdict) {
        return new WorkersView.Worker(
                worker.name(),
                worker.address().toString(),
                SituationView.word(worker.health()),
                worker.detail(),
                worker.group().map(group -> OptionalInt.of(group.value())).orElse(OptionalInt.empty()),
                worker.scope().source(),
                worker.scope().place(),
                verdict.flatMap(Verdict::node)
                        .map(node -> OptionalInt.of(node.value()))
                        .orElse(OptionalInt.empty()),
                cluster.map(seen -> StandingOrder.forWorker(worker.address(), verdict, seen))
                        .orElse(List.of()),
                verdict.map(Verdict::situation).map(SituationView::of),
                verdict.map(Verdict::sentence).orElse("not judged yet"));
    }

    private static Stream<WorkersView.SetAside> setAside(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete complete ->
                complete.setAside().stream()
                        .map(aside -> new WorkersView.SetAside(complete.source(), aside.name(), aside.sentence()));
            case Sighting.Partial _, Sighting.Unavailable _ -> Stream.empty();
        };
    }

    private static NodesView.Node node(Node node, ClusterSnapshot cluster, Optional<Verdict> verdict) {
        Placements carried = cluster.placementsOf(node.group());
        return new NodesView.Node(
                node.id().value(),
                node.group().value(),
                verdict.map(Verdict::name).orElse(node.address().host()),
                node.address().toString(),
                SituationView.word(node.role()),
                node.cluster(),
                node.isActive(),
                node.hasMetadata(),
                node.metadataSynced(),
                node.shouldHaveShards(),
                new NodesView.Placements(
                        carried.distributed(), carried.soleDistributed(), carried.reference(), carried.soleReference()),
                cluster.ledger().member(node.id()).map(Answers::member),
                verdict.map(Verdict::sighted).orElse(false),
                StandingOrder.forNode(node.id(), cluster, verdict),
                verdict.map(Verdict::situation).map(SituationView::of),
                verdict.map(Verdict::sentence).orElse("not judged yet"));
    }

    private static NodesView.Member member(Member member) {
        return new NodesView.Member(
                SituationView.word(member.origin()),
                member.since(),
                member.identity().map(identity -> identity.systemIdentifier()),
                member.scope().map(scope -> scope.toString()),
                member.disabledByRoster());
    }

    private static PlanView.PlannedAction planned(Action action, List<Outcome> outcomes) {
        return PlanView.PlannedAction.of(
                action,
                outcomes.stream().filter(tried -> tried.action().equals(action)).findFirst());
    }
}
