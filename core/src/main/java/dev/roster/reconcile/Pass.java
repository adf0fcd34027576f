package dev.roster.reconcile;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.execute.Execution;
import dev.roster.execute.Executor;
import dev.roster.execute.Outcome;
import dev.roster.identity.ProbeHistory;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ProbeSchedule;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.plan.Action;
import dev.roster.plan.Filters;
import dev.roster.plan.Memory;
import dev.roster.plan.MetadataWitnesses;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One turn of the loop: observe, plan, filter, act, report. It never waits for its next turn; it says when that is due.
 *
 * <p>Nothing but the memory of earlier passes is carried over, and all of it may be lost: each pass reads both sides anew. A
 * failed observation ends the pass before planning. Without the leader lock it observes and reports, and changes nothing.
 *
 * <p>{@link #runOnce} is called by one thread at a time; {@link #stop} by any.
 */
public final class Pass {

    private static final ExponentialDelay COORDINATOR_RETRY =
            new ExponentialDelay(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final EnginePorts ports;
    private final PlanSettings settings;
    private final Duration interval;
    private final Deciding deciding;
    private final Executor executor;
    private final ProbeSchedule schedule;
    private final ProbeHistory history = new ProbeHistory();
    private final Backoff backoff;
    private final JoinClock joins = new JoinClock();
    private final PassLog log = new PassLog();
    private final OrderDesk orders = new OrderDesk();
    private final OrderIntake intake;
    private final MoveWatch moves = new MoveWatch();
    private final CoordinatorCheck coordinatorCheck = new CoordinatorCheck();
    private final Optional<Provisioning> provisioning;

    private Memory memory = Memory.NONE;
    private Map<HostPort, Situation> situations = Map.of();
    private Set<String> doneBefore = Set.of();
    private long number;
    private int failures;
    private boolean leading;
    private volatile boolean stopping;
    private volatile boolean acting;

    /**
     * A pass of the product's own planner and filters.
     *
     * @param ports everything outside
     * @param settings what may be done
     * @param interval {@code roster.pass.interval}: the longest time between two passes
     */
    public Pass(EnginePorts ports, PlanSettings settings, Duration interval) {
        this(ports, settings, interval, Deciding.by(settings));
    }

    /**
     * A pass that decides in its own way.
     *
     * @param ports everything outside
     * @param settings what may be done
     * @param interval the longest time between two passes
     * @param deciding how it decides
     */
    public Pass(EnginePorts ports, PlanSettings settings, Duration interval, Deciding deciding) {
        this(ports, settings, interval, deciding, Optional.empty());
    }

    /**
     * A pass that also sets up members and the coordinator.
     *
     * @param ports everything outside
     * @param settings what may be done
     * @param interval the longest time between two passes
     * @param deciding how it decides
     * @param provisioning the step after the changes of membership; nobody else may use it from now on
     */
    public Pass(
            EnginePorts ports,
            PlanSettings settings,
            Duration interval,
            Deciding deciding,
            Optional<Provisioning> provisioning) {
        this.provisioning = provisioning;
        this.ports = ports;
        this.settings = settings;
        this.interval = interval;
        this.deciding = deciding;
        this.executor =
                new Executor(ports.catalog(), ports.clock(), settings.probe().maxAgeToAct());
        this.schedule = new ProbeSchedule(settings);
        this.intake = new OrderIntake(ports, settings, history, orders);
        this.backoff = new Backoff(ports.random());
    }

    /** Runs one pass. Expected troubles are in the result; nothing is thrown but faults of the program itself. */
    public PassResult runOnce() {
        number++;
        Instant startedAt = ports.clock().instant();
        long began = ports.elapsed().nanos();
        log.begin(number);
        PassResult result;
        try {
            result = observeAndAct(startedAt, began);
            if (result.trouble().isEmpty()) {
                log.coordinatorAnswers(failures);
                failures = 0;
            }
        } catch (CoordinatorUnavailable e) {
            orders.fail(e);
            result = unavailable(e, Optional.empty(), Plan.EMPTY, List.of(), startedAt, began);
        } finally {
            log.end();
        }
        ports.listener().passEnded(result);
        return result;
    }

    /** Where people's orders wait for the next pass. */
    public OrderDesk orders() {
        return orders;
    }

    /** Ends the pass under way before its next transaction, and keeps any later one from acting. */
    void stop() {
        stopping = true;
        orders.close();
    }

    /** Whether a transaction that changes something may be under way, which an interrupt must not cut. */
    boolean isActing() {
        return acting;
    }

    private PassResult observeAndAct(Instant now, long began) throws CoordinatorUnavailable {
        ClusterSnapshot cluster = ports.catalog().snapshot();
        if (takesTheLead()) {
            cluster = ports.catalog().snapshot(); // the leader before may have changed it until just now
            coordinatorCheck.leadershipBegins();
        }
        if (provisioning.isPresent()) {
            ports.catalog().record(provisioning.get().begin(now));
        }
        Sightings sightings = Sightings.merge(
                ports.sources().stream().map(WorkerDiscovery::sighting).toList());
        ProbeSchedule.Due due = askWhoeverIsDue(cluster, sightings, now);
        cluster = withDoubt(cluster, sightings, now);
        ClusterSnapshot ordered = intake.take(cluster, sightings, memory, now);
        if (ordered != cluster) {
            cluster = withDoubt(ordered, sightings, now);
        }
        cluster = withMoves(cluster, now);

        Observation before = new Observation(cluster, sightings, history.latest(), memory);
        memory = deciding.remember(before, now);
        Observation seen = new Observation(cluster, sightings, before.probes(), memory);
        backoff.observe(seen);
        joins.observe(seen, now);
        Plan plan = deciding.decide(seen, backoff, now);
        if (provisioning.isPresent()) {
            plan = plan.withAlarms(provisioning.get().alarms());
        }
        situations = situationsOf(plan);
        log.plan(plan, leading);

        Optional<Action.StartRebalance> wish = Filters.wish(plan, seen);
        boolean wished = leading && orderByItself(wish, seen, now);
        Execution execution =
                leading ? act(plan, wish, seen) : new Execution(List.of(), Execution.End.ALL_TRIED, Optional.empty());
        if (execution.loss().isPresent()) {
            return unavailable(execution.loss().get(), Optional.of(seen), plan, execution.outcomes(), now, began);
        }
        provisioning.ifPresent(step -> step.goOn(seen.cluster(), standsBack(seen, now), now));
        boolean again = wished
                || provisioning.filter(Provisioning::hasEnded).isPresent()
                || due.more()
                || (leading && coordinatorCheck.hasMore())
                || (leading && (goesOn(execution) || NextPass.asksOnceMore(plan)));
        Optional<Instant> wakeAt = Stream.of(
                        NextPass.sooner(due.wakeAt(), cluster, now),
                        provisioning.flatMap(Provisioning::wakeAt),
                        coordinatorCheck.wakeAt())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
        Instant nextBy = again ? now : NextPass.by(now, interval, plan, memory, settings, wakeAt, leading);
        return new PassResult(
                number,
                now,
                since(began),
                PassSentence.of(seen, plan, execution.outcomes(), leading, ports.leaderLock()),
                Optional.of(seen),
                plan,
                execution.outcomes(),
                Optional.empty(),
                leading,
                nextBy,
                provisioning.flatMap(Provisioning::report));
    }

    /** Why nothing is provisioned by this process; empty if it is. */
    private Optional<String> standsBack(Observation seen, Instant now) {
        if (seen.cluster().doubt().isPresent()) {
            return Optional.of("the coordinator is older than its workers: nothing is carried out");
        }
        if (Filters.mayReachAnotherCluster(seen, settings, now)) {
            return Optional.of("a copy of the whole cluster runs: nothing is carried out");
        }
        if (settings.mode() == PlanSettings.Mode.OBSERVE) {
            return Optional.of("roster.mode=observe: nothing is carried out");
        }
        return leading && mayGoOn() ? Optional.empty() : Optional.of("left to the Roster that leads");
    }

    /** Finds out whether the coordinator is older than its workers, before anything is decided on what it says. */
    private ClusterSnapshot withDoubt(ClusterSnapshot cluster, Sightings sightings, Instant now)
            throws CoordinatorUnavailable {
        if (!leading || !settings.probe().isOn()) {
            return cluster;
        }
        Observation seen = new Observation(cluster, sightings, history.latest(), memory);
        Optional<CoordinatorDoubt> doubt =
                coordinatorCheck.compare(ports.catalog(), MetadataWitnesses.of(seen, settings, now), cluster, now);
        if (doubt.isEmpty()) {
            return cluster;
        }
        if (coordinatorCheck.isSure() && settings.mode() != PlanSettings.Mode.OBSERVE && mayGoOn()) {
            ports.catalog().record(CoordinatorCheck.notes(doubt.get()));
            coordinatorCheck.written();
        }
        return cluster.with(doubt.get());
    }

    /** Looks closer while a job moves shards. */
    private ClusterSnapshot withMoves(ClusterSnapshot cluster, Instant now) throws CoordinatorUnavailable {
        Optional<RebalanceJob> job = cluster.activeRebalance();
        return job.isEmpty()
                ? cluster
                : cluster.with(moves.observe(job.get(), ports.catalog().lookAt(job.get()), now));
    }

    private ProbeSchedule.Due askWhoeverIsDue(ClusterSnapshot cluster, Sightings sightings, Instant now)
            throws CoordinatorUnavailable {
        history.retain(cluster, sightings);
        ProbeSchedule.Due due =
                schedule.due(cluster, sightings, history, situations, address -> backoff.holds(address, now), now);
        if (due.requests().isEmpty()) {
            return due;
        }
        history.note(due.requests(), ports.probe().probe(due.requests()), cluster, sightings);
        return due.after(
                schedule.due(cluster, sightings, history, situations, address -> backoff.holds(address, now), now));
    }

    /** Whether something became an order that nobody gave. */
    private boolean orderByItself(Optional<Action.StartRebalance> wish, Observation seen, Instant now)
            throws CoordinatorUnavailable {
        if (wish.isEmpty() || !mayGoOn()) {
            return false;
        }
        intake.order(wish.get(), seen, now);
        return true;
    }

    private Execution act(Plan plan, Optional<Action.StartRebalance> wish, Observation seen)
            throws CoordinatorUnavailable {
        acting = true;
        try {
            if (settings.mode() != PlanSettings.Mode.OBSERVE && mayGoOn()) {
                ports.catalog().record(plan.notes());
            }
            Set<String> done = new HashSet<>();
            List<Action> actions = plan.actions().stream()
                    .filter(action -> wish.filter(action::equals).isEmpty())
                    .toList();
            Execution execution =
                    executor.execute(actions, seen.probes(), this::mayGoOn, outcome -> note(outcome, seen, done));
            doneBefore = Set.copyOf(done);
            if (execution.loss().isEmpty()) {
                ports.catalog()
                        .record(log.refusalsForJournal(
                                execution.outcomes(), ports.clock().instant()));
            }
            return execution;
        } finally {
            acting = false;
        }
    }

    private void note(Outcome outcome, Observation seen, Set<String> done) {
        Instant at = ports.clock().instant();
        Action action = outcome.action();
        switch (outcome) {
            case Outcome.Done _ -> {
                String key = action.kind() + " " + action.address();
                done.add(key);
                if (doneBefore.contains(key) && !action.goesInSteps()) {
                    backoff.futile(action, "it was done a moment ago and seems needed again", seen, at);
                } else {
                    backoff.succeeded(action);
                }
                if (action instanceof Action.AddNode) {
                    joins.joined(action.address(), at).ifPresent(ports.listener()::joined);
                    if (seen.probes().get(action.address()) instanceof ProbeResult.Answered answered) {
                        coordinatorCheck.joined(
                                action.address(), answered.report().startTime());
                    }
                }
            }
            case Outcome.AlreadyTrue _ -> backoff.succeeded(action);
            case Outcome.Outdated outdated -> backoff.futile(action, outdated.sentence(), seen, at);
            case Outcome.Refused refused -> backoff.refused(action, refused.refusal(), seen, at);
        }
        log.outcome(outcome);
        ports.listener().actionTried(outcome);
    }

    /** Whether the next pass follows at once: something changed, or something is left that nothing holds back. */
    private static boolean goesOn(Execution execution) {
        return switch (execution.end()) {
            case REFUSED, PROBES_TOO_OLD -> true;
            case ALL_TRIED ->
                execution.outcomes().stream()
                        .anyMatch(outcome -> outcome instanceof Outcome.Done || outcome instanceof Outcome.AlreadyTrue);
            case STOPPED, COORDINATOR_LOST -> false;
        };
    }

    private boolean mayGoOn() {
        return !stopping && ports.leaderLock().isHeld();
    }

    /** Takes the lock if it is free. Whether that was just now, which it is too where the session that held it ended meanwhile. */
    private boolean takesTheLead() {
        boolean before = leading;
        LeaderLock lock = ports.leaderLock();
        boolean held = lock.isHeld();
        leading = !stopping && (held || lock.tryAcquire());
        if (leading != before) {
            log.leadership(leading, lock.holder());
            ports.listener().leadershipChanged(leading);
        }
        return leading && !(before && held);
    }

    private PassResult unavailable(
            CoordinatorUnavailable e,
            Optional<Observation> seen,
            Plan plan,
            List<Outcome> outcomes,
            Instant now,
            long began) {
        failures++;
        if (leading && !ports.leaderLock().isHeld()) {
            leading = false;
            log.leadership(false, Optional.empty());
            ports.listener().leadershipChanged(false);
        }
        Duration delay = COORDINATOR_RETRY.after(failures, ports.random());
        Duration took = since(began);
        log.coordinatorUnavailable(e, failures, delay);
        return new PassResult(
                number,
                now,
                took,
                PassSentence.trouble(e, outcomes),
                seen,
                plan,
                outcomes,
                Optional.of(new PassResult.Trouble(String.valueOf(e.getMessage()), e.remedy(), e.isSeveralWritable())),
                leading,
                now.plus(took).plus(delay));
    }

    private Duration since(long began) {
        return Duration.ofNanos(ports.elapsed().nanos() - began);
    }

    private static Map<HostPort, Situation> situationsOf(Plan plan) {
        return plan.verdicts().stream()
                .collect(Collectors.toMap(Verdict::address, Verdict::situation, (first, _) -> first));
    }
}
