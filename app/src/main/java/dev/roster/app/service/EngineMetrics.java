package dev.roster.app.service;

import dev.roster.app.api.OutcomeWord;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.discovery.SourceHealth;
import dev.roster.execute.Outcome;
import dev.roster.plan.Observation;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns what the engine tells into metrics. Written by the engine's thread. */
final class EngineMetrics implements EngineListener {

    private static final Duration[] JOIN_BUCKETS = Stream.of(
                    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final InstantSource clock;
    private final MultiGauge workers;
    private final MultiGauge placements;
    private final Timer joins;

    EngineMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.workers = MultiGauge.builder("roster.workers")
                .description("Workers and nodes by their state")
                .register(registry);
        this.placements = MultiGauge.builder("roster.node.placements")
                .description("Shard placements each node carries")
                .register(registry);
        this.joins = Timer.builder("roster.join")
                .description("From a worker's first ready sighting to its active node")
                .serviceLevelObjectives(JOIN_BUCKETS)
                .register(registry);
    }

    /** Registers what is asked of the engine whenever metrics are read. */
    void watch(RosterEngine engine) {
        Gauge.builder("roster.leader", engine, state -> state.isLeading() ? 1 : 0)
                .description("Whether this Roster holds the leader's lock")
                .register(registry);
        Gauge.builder("roster.coordinator.reached", engine, state -> state.coordinatorIsReached() ? 1 : 0)
                .description("Whether the last pass could read the coordinator")
                .register(registry);
        for (SourceHealth source : engine.sources()) {
            String type = source.source();
            Gauge.builder(
                            "roster.source.connected",
                            engine,
                            state -> health(state, type).isConnected() ? 1 : 0)
                    .tag("source", type)
                    .description("Whether the source can look")
                    .register(registry);
            TimeGauge.builder("roster.source.age", engine, TimeUnit.MILLISECONDS, state -> age(health(state, type)))
                    .tag("source", type)
                    .description("How old the source's last complete look is; not a number before the first")
                    .register(registry);
        }
    }

    @Override
    public void passEnded(PassResult result) {
        String ending = result.trouble().isPresent() ? "unavailable" : result.isClean() ? "clean" : "refused";
        Timer.builder("roster.passes")
                .description("Passes by how they ended")
                .tag("result", ending)
                .register(registry)
                .record(result.took());
        result.seen().ifPresent(seen -> placements.register(placementRows(seen), true));
        if (result.seen().isPresent()) {
            workers.register(workerRows(result.plan().verdicts()), true);
        }
    }

    @Override
    public void actionTried(Outcome outcome) {
        registry.counter("roster.actions", "kind", outcome.action().kind(), "outcome", OutcomeWord.of(outcome))
                .increment();
    }

    @Override
    public void joined(Duration sinceReady) {
        joins.record(sinceReady);
    }

    private static List<MultiGauge.Row<?>> workerRows(List<Verdict> verdicts) {
        Map<Situation, Long> numbers =
                verdicts.stream().collect(Collectors.groupingBy(Verdict::situation, Collectors.counting()));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        numbers.forEach((situation, number) -> rows.add(
                MultiGauge.Row.of(Tags.of("state", word(situation), "weight", word(situation.weight())), number)));
        return rows;
    }

    private static List<MultiGauge.Row<?>> placementRows(Observation seen) {
        ClusterSnapshot cluster = seen.cluster();
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            Placements carried = cluster.placementsOf(node.group());
            String address = node.address().toString();
            rows.add(MultiGauge.Row.of(Tags.of("node", address, "kind", "distributed"), carried.distributed()));
            rows.add(MultiGauge.Row.of(Tags.of("node", address, "kind", "reference"), carried.reference()));
        }
        return rows;
    }

    private double age(SourceHealth health) {
        return health.lastFullLook()
                .map(look -> (double) Duration.between(look, clock.instant()).toMillis())
                .orElse(Double.NaN);
    }

    private static SourceHealth health(RosterEngine engine, String type) {
        return engine.sources().stream()
                .filter(source -> source.source().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
