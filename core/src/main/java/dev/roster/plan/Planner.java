package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.LedgerChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pure planner: from what was observed to what should be done. The rows of the situation table are in
 * {@link IntentRows}, {@link WorkerRows}, {@link NodeRows} and {@link AbsentRows}; here they are asked, and their answers put in order.
 *
 * <p>Immutable and safe to share.
 */
public final class Planner {

    private static final Comparator<Action> ORDER = Comparator.comparingInt(Planner::rank)
            .thenComparing(Action::groupForOrder)
            .thenComparing(Action::address);

    private final PlanSettings settings;

    /**
     * A planner for these settings.
     *
     * @param settings what it may assume and must respect
     */
    public Planner(PlanSettings settings) {
        this.settings = settings;
    }

    /**
     * Decides the situation of every worker and node, and the actions that follow, ordered so that each one is legal when
     * its turn comes. Nothing is withheld yet: that is the part of {@link Filters}.
     *
     * @param seen what this pass observed, with the memory that includes this look
     * @param now the time of the pass
     */
    public Plan plan(Observation seen, Instant now) {
        Overview overview = new Overview(seen, settings, now);
        WorkerRows workerRows = new WorkerRows(overview);
        IntentRows intentRows = new IntentRows(overview, workerRows);
        Draft draft = new Draft(overview.cluster().nodes().size());
        Draft joining = new Draft(overview.unregistered().size());

        Map<NodeId, HostPort> sightedElsewhere = new HashMap<>();
        for (Worker worker : overview.unregistered()) {
            Decision decision = intentRows
                    .keptOut(worker)
                    .or(() -> intentRows.awaited(worker))
                    .orElseGet(() -> workerRows.judge(worker));
            decision.named().ifPresent(member -> sightedElsewhere.putIfAbsent(member, worker.address()));
            joining.take(decision, worker.name(), worker.address(), Optional.empty(), true);
        }
        overview.secondaries.noteSighted(sightedElsewhere);
        joining.verdicts.sort(Comparator.comparing(Verdict::address));

        NodeRows nodeRows = new NodeRows(overview, workerRows);
        AbsentRows absentRows = new AbsentRows(overview, sightedElsewhere);
        for (Node node : overview.cluster().nodes()) {
            Optional<Worker> worker = overview.sightingOf(node);
            Decision decision = intentRows.judge(
                    node,
                    overview.secondaries
                            .leftOver(node)
                            .orElseGet(() ->
                                    worker.isPresent() ? nodeRows.judge(node, worker.get()) : absentRows.judge(node)));
            String name = worker.isPresent() ? worker.get().name() : overview.nameOf(node);
            draft.take(decision, name, node.address(), Optional.of(node.id()), worker.isPresent());
        }

        MemberNotes notes = new MemberNotes(overview);
        overview.vanished().forEach(member -> draft.notes.addAll(notes.vanished(member)));
        draft.notes.addAll(intentRows.withoutNode());
        draft.add(joining);
        RebalanceRows rebalance = new RebalanceRows(overview);
        rebalance.action().ifPresent(draft.actions::add);
        draft.notes.addAll(rebalance.notes());
        return draft.finish(overview);
    }

    /** Cures of dead nodes first, since a dead node hinders all others; what removes a living one last. */
    private static int rank(Action action) {
        if (action.curesDeadNode()) {
            return 0;
        }
        return switch (action) {
            case Action.DisableNode _, Action.UpdateNodes _, Action.TakeOver _, Action.RebuildShards _ -> 0;
            case Action.ActivateNode _ -> 1;
            case Action.AdoptNode _ -> 2;
            case Action.SetCoordinatorAddress _ -> 3;
            case Action.ReplaceEmptyNode _ -> 4;
            case Action.AddNode _ -> 5;
            case Action.RegisterSecondary _ -> 6;
            case Action.StopDrain _ -> 7;
            case Action.RemoveNode _ -> 8;
            case Action.StartDrain _ -> 9;
            case Action.StopRebalance _, Action.StartRebalance _ -> 10;
        };
    }

    /** What concerns the whole cluster, one sentence each. */
    private static List<String> alarms(Overview overview) {
        List<String> alarms = new ArrayList<>();
        overview.cluster()
                .doubt()
                .ifPresent(doubt ->
                        alarms.add(doubt.sentence() + ". Roster only observes. To do: " + CoordinatorDoubt.REMEDY));
        if (!overview.settings.probe().isOn()) {
            alarms.add(
                    "Workers are added without being asked what they are (roster.probe.mode=off): a worker of another"
                            + " cluster, or one with tables named like distributed ones, would lose data");
        }
        overview.seen.memory().massDepartures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> alarms.add(MassDepartureFilter.sentence(entry.getKey(), entry.getValue())));
        if (overview.copies.areOfEveryMember()) {
            alarms.add(CopiedClusterFilter.SENTENCE);
        }
        alarms.addAll(FenceCheck.alarms(overview));
        RebalanceRows.alarm(overview.cluster()).ifPresent(alarms::add);
        for (Sighting sighting : overview.seen.sightings().sources()) {
            if (sighting instanceof Sighting.Complete complete) {
                complete.setAside()
                        .forEach(aside -> alarms.add("Worker " + aside.name() + " is set aside: " + aside.sentence()));
            }
        }
        return alarms;
    }

    /** A plan in the making. */
    private static final class Draft {

        private final List<Action> actions = new ArrayList<>();
        private final List<Verdict> verdicts;
        private final List<LedgerChange> notes = new ArrayList<>();

        Draft(int size) {
            verdicts = new ArrayList<>(size);
        }

        void take(Decision decision, String name, HostPort address, Optional<NodeId> node, boolean sighted) {
            verdicts.add(new Verdict(name, address, node, sighted, decision.situation(), decision.sentence()));
            decision.action().ifPresent(actions::add);
            notes.addAll(decision.notes());
        }

        void add(Draft other) {
            actions.addAll(other.actions);
            verdicts.addAll(other.verdicts);
            notes.addAll(other.notes);
        }

        /** Whatever else is to be done about a row waits until it is where its data is. */
        private void followFirst() {
            Set<HostPort> following = actions.stream()
                    .filter(Action.UpdateNodes.class::isInstance)
                    .flatMap(action -> ((Action.UpdateNodes) action).nodes().stream())
                    .map(Node::address)
                    .collect(Collectors.toSet());
            if (!following.isEmpty()) {
                actions.removeIf(
                        action -> !(action instanceof Action.UpdateNodes) && following.contains(action.address()));
            }
        }

        Plan finish(Overview overview) {
            List<String> alarms = alarms(overview);
            switch (CoordinatorAddress.before(actions, overview.coordinator(), overview.settings)) {
                case CoordinatorAddress.Good() -> {}
                case CoordinatorAddress.ToSet(Action.SetCoordinatorAddress set) -> actions.add(set);
                case CoordinatorAddress.Unknown(String sentence) -> alarms.add(sentence);
            }
            followFirst();
            actions.sort(ORDER);
            List<LedgerChange> all =
                    new OtherWriters(overview).remembering(new CopyNotes(overview).remembering(notes), actions);
            OtherWriters.standing(overview.seen, all, overview.now)
                    .values()
                    .forEach(each -> alarms.add(OtherWriters.sentence(each)));
            return new Plan(actions, List.of(), verdicts, alarms, all);
        }
    }
}
