package dev.roster.reconcile;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.LedgerChange;
import dev.roster.provision.Attempt;
import dev.roster.provision.Failure;
import dev.roster.provision.ProvisionBooks;
import dev.roster.provision.ProvisionPlan;
import dev.roster.provision.ProvisionReport;
import dev.roster.provision.Provisioned;
import dev.roster.provision.Provisioner;
import dev.roster.provision.ScriptSource;
import dev.roster.provision.Scripts;
import dev.roster.provision.Standing;
import dev.roster.provision.Standing.State;
import dev.roster.provision.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a pass that sets up members and the coordinator with a person's SQL. It runs beside the passes, on the given
 * executor, one script at a time, so that neither a slow script nor a failing one holds up a change of membership; a pass
 * hears of the result in its next turn.
 *
 * <p>What failed is tried again after five seconds, doubling up to five minutes, and at once when the file or the server
 * changes. All methods but {@link #whenEnded} are called by the thread that runs the passes.
 */
public final class Provisioning {

    private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);
    private static final ExponentialDelay RETRY = new ExponentialDelay(Duration.ofSeconds(5), Duration.ofMinutes(5));

    private final ScriptSource source;
    private final Provisioner provisioner;
    private final int minimumWorkers;
    private final Executor executor;
    private final RandomGenerator random;
    private final Map<String, Failure> failures = new LinkedHashMap<>();

    private Scripts scripts = Scripts.NONE;
    private Optional<ProvisionReport> report = Optional.empty();
    private Optional<Instant> wakeAt = Optional.empty();
    private @Nullable Run run;
    private volatile Runnable ended = () -> {};

    /** One script under way. */
    private static final class Run {
        private final List<? extends Target> targets;
        private volatile @Nullable List<Attempt> attempts;
        private volatile @Nullable Exception broke;

        Run(List<? extends Target> targets) {
            this.targets = targets;
        }
    }

    /**
     * @param source the files
     * @param provisioner carries them out
     * @param minimumWorkers {@code roster.provision.minimum-workers}
     * @param executor what runs a script: one call at a time, each no longer than its timeout
     * @param random the jitter of the retries
     */
    public Provisioning(
            ScriptSource source,
            Provisioner provisioner,
            int minimumWorkers,
            Executor executor,
            RandomGenerator random) {
        this.source = source;
        this.provisioner = provisioner;
        this.minimumWorkers = minimumWorkers;
        this.executor = executor;
        this.random = random;
    }

    /** Has something run whenever a script ended, from any thread; a nudge of the loop. */
    public void whenEnded(Runnable told) {
        ended = told;
    }

    /**
     * The begin of a turn: takes in what ended since, and looks at the files.
     *
     * @param now the time of the pass
     * @return journal lines to write
     */
    List<LedgerChange> begin(Instant now) {
        List<LedgerChange> lines = takeIn(now);
        scripts = source.read();
        failures.values()
                .removeIf(failure ->
                        scripts.worker().stream().noneMatch(failure.last().script()::equals)
                                && scripts.coordinator().stream()
                                        .noneMatch(failure.last().script()::equals));
        return lines;
    }

    /** What needs a person: a sentence for each file that cannot be read and each target that a script fails on. */
    List<String> alarms() {
        List<String> alarms = new ArrayList<>(scripts.troubles());
        failures.values().forEach(failure -> alarms.add(sentence(failure)));
        return List.copyOf(alarms);
    }

    /**
     * The end of a turn: starts what is next, unless something runs.
     *
     * @param cluster what the pass saw
     * @param standsBack why nothing is to be run here; empty if this process acts
     * @param now the time of the pass
     */
    void goOn(ClusterSnapshot cluster, Optional<String> standsBack, Instant now) {
        wakeAt = Optional.empty();
        if (scripts.isEmpty()) {
            report = Optional.empty();
            return;
        }
        if (standsBack.isPresent()) {
            failures.clear();
            report = Optional.of(ProvisionReport.standingBack(standsBack.get()));
            return;
        }
        try {
            List<Provisioned> done = provisioner.done();
            forgetTheGone(cluster);
            ProvisionPlan plan = ProvisionPlan.of(cluster, scripts, done, failures, minimumWorkers, now);
            report = Optional.of(reported(plan.standings()));
            if (run == null) {
                start(plan);
            }
            wakeAt = failures.values().stream()
                    .map(Failure::until)
                    .filter(now::isBefore)
                    .min(Comparator.naturalOrder());
        } catch (CoordinatorUnavailable e) {
            report = Optional.of(ProvisionReport.unknown(String.valueOf(e.getMessage())));
        }
    }

    /** How far it is; empty if nothing is configured. */
    Optional<ProvisionReport> report() {
        return report;
    }

    /** When it wants its next turn at the latest; empty if only something new gives it anything to do. */
    Optional<Instant> wakeAt() {
        return wakeAt;
    }

    /** Whether a result waits to be taken in. */
    boolean hasEnded() {
        Run current = run;
        return current != null && (current.attempts != null || current.broke != null);
    }

    private ProvisionReport reported(List<Standing> standings) {
        Run current = run;
        if (current == null) {
            return ProvisionReport.of(standings, scripts.troubles());
        }
        List<String> running = current.targets.stream().map(Target::key).toList();
        return ProvisionReport.of(
                standings.stream()
                        .map(standing -> running.contains(standing.target().key()) && standing.state() == State.DUE
                                ? new Standing(standing.target(), State.DUE, "runs now")
                                : standing)
                        .toList(),
                scripts.troubles());
    }

    private void start(ProvisionPlan plan) {
        if (!plan.members().isEmpty()) {
            var script = scripts.worker().orElseThrow();
            launch(new Run(plan.members()), () -> provisioner.onMembers(script, plan.members()));
        } else if (plan.coordinator().isPresent()) {
            var script = scripts.coordinator().orElseThrow();
            Target.Coordinator target = plan.coordinator().get();
            launch(new Run(List.of(target)), () -> List.of(provisioner.onCoordinator(script, target)));
        }
    }

    /** What a run does. */
    @FunctionalInterface
    private interface Work {
        List<Attempt> attempts() throws CoordinatorUnavailable;
    }

    private void launch(Run started, Work work) {
        run = started;
        executor.execute(() -> {
            try {
                started.attempts = work.attempts();
            } catch (CoordinatorUnavailable | RuntimeException e) {
                started.broke = e;
            } finally {
                ended.run();
            }
        });
    }

    private List<LedgerChange> takeIn(Instant now) {
        Run current = run;
        if (current == null || !hasEnded()) {
            return List.of();
        }
        run = null;
        Exception broke = current.broke;
        if (broke != null) {
            LOG.warn("Provisioning was cut off: {}; it goes on when the coordinator answers", broke.getMessage());
            return List.of();
        }
        List<LedgerChange> lines = new ArrayList<>();
        for (Attempt attempt : Optional.ofNullable(current.attempts).orElse(List.of())) {
            takeIn(attempt, now).ifPresent(lines::add);
        }
        return lines;
    }

    private Optional<LedgerChange> takeIn(Attempt attempt, Instant now) {
        Target target = attempt.target();
        switch (attempt.result()) {
            case Attempt.Result.Done _ -> {
                failures.remove(target.key());
                LOG.info("{}", ProvisionBooks.sentence(attempt));
                return Optional.empty();
            }
            case Attempt.Result.Outdated outdated -> {
                LOG.debug("{} on {}: {}", target.script(), target.address(), outdated.sentence());
                return Optional.empty();
            }
            case Attempt.Result.Failed failed -> {
                Failure before = failures.get(target.key());
                int times = before == null ? 1 : before.times() + 1;
                Failure failure = new Failure(attempt, failed.fault(), times, now.plus(RETRY.after(times, random)));
                failures.put(target.key(), failure);
                boolean known = before != null && sentence(before).equals(sentence(failure));
                return known
                        ? Optional.empty()
                        : Optional.of(ProvisionBooks.line(target, "refused", sentence(failure), now));
            }
        }
    }

    private void forgetTheGone(ClusterSnapshot cluster) {
        failures.values()
                .removeIf(failure -> failure.last().target() instanceof Target.Member member
                        && cluster.node(member.node()).isEmpty());
    }

    private static String sentence(Failure failure) {
        Target target = failure.last().target();
        return target.script() + " fails on " + target.address() + ": "
                + failure.fault().sentence() + "; " + failure.fault().remedy();
    }
}
