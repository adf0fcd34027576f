package dev.roster.app.service;

import dev.roster.app.api.OutcomeWord;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.engine.Version;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.discovery.SourceHealth;
import dev.roster.execute.Outcome;
import dev.roster.plan.Plan;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
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
    private final MultiGauge notCalm;
    private final MultiGauge placements;
    private final MultiGauge drainPlacements;
    private final MultiGauge drainMoves;
    private final MultiGauge moves;
    private final MultiGauge moveBytes;
    private final MultiGauge movesStalled;
    private final MultiGauge withheld;
    private final Timer joins;

    /** How a pass ended. */
    private enum Ending {
        CLEAN,
        REFUSED,
        UNAVAILABLE;

        static Ending of(PassResult result) {
            if (result.trouble().isPresent()) {
                return UNAVAILABLE;
            }
            return result.isClean() ? CLEAN : REFUSED;
        }
    }

    EngineMetrics(MeterRegistry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.workers = rows("roster.workers", "Workers and nodes by their state");
        this.notCalm =
                rows("roster.worker.state", "1 for each worker or node that is not as it should be, by its state");
        this.placements = rows("roster.node.placements", "Shard placements each node carries");
        this.drainPlacements =
                rows("roster.drain.placements", "Distributed placements left on each node whose drain is ordered");
        this.drainMoves = rows("roster.drain.moves", "Shard moves of the job that drains a node");
        this.moves = rows("roster.moves", "Shard moves of the job under way, a drain's or a rebalance's");
        this.moveBytes = rows("roster.moves.bytes", "Bytes of the job under way");
        this.movesStalled = rows("roster.moves.stalled", "Whether the job under way waits for something to be mended");
        this.withheld = rows("roster.actions.withheld", "Actions that the last pass withheld");
        // From the beginning, so that the first one is an increase and not the birth of a counter.
        for (Ending ending : Ending.values()) {
            passes(ending);
        }
        this.joins = Timer.builder("roster.join")
                .description("From a worker's first ready sighting to its active node")
                .serviceLevelObjectives(JOIN_BUCKETS)
                .register(registry);
    }

    private MultiGauge rows(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    private Timer passes(Ending ending) {
        return Timer.builder("roster.passes")
                .description("Passes by how they ended")
                .tag("result", word(ending))
                .register(registry);
    }

    /** Registers what is asked of the engine whenever metrics are read. */
    void watch(RosterEngine engine) {
        Gauge.builder("roster.info", () -> 1)
                .description("This Roster: its version, and what it may change")
                .tag("version", Version.NUMBER)
                .tag("mode", word(engine.settings().plan().mode()))
                .register(registry);
        Gauge.builder("roster.leader", engine, state -> state.isLeading() ? 1 : 0)
                .description("Whether this Roster holds the leader's lock")
                .register(registry);
        Gauge.builder("roster.coordinator.reached", engine, state -> state.coordinatorIsReached() ? 1 : 0)
                .description("Whether the last pass could read the coordinator")
                .register(registry);
        Gauge.builder("roster.coordinator.several.writable", engine, EngineMetrics::severalWritable)
                .description("Whether several hosts of CITUS_HOST accept writes at once")
                .register(registry);
        Gauge.builder("roster.alarms", engine, EngineMetrics::alarms)
                .description("Alarms that concern the whole cluster rather than one worker or node")
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
            Gauge.builder(
                            "roster.source.stale",
                            engine,
                            state -> health(state, type).isStale(clock.instant()) ? 1 : 0)
                    .tag("source", type)
                    .description("Whether the source can look and yet has not seen everything for three of its looks")
                    .register(registry);
        }
    }

    @Override
    public void passEnded(PassResult result) {
        passes(Ending.of(result)).record(result.took());
        result.seen().ifPresent(seen -> {
            ClusterSnapshot cluster = seen.cluster();
            Plan plan = result.plan();
            workers.register(ClusterRows.workers(plan.verdicts()), true);
            notCalm.register(ClusterRows.notCalm(plan.verdicts()), true);
            withheld.register(ClusterRows.withheld(plan.withheld()), true);
            placements.register(ClusterRows.placements(cluster), true);
            drainPlacements.register(ClusterRows.drainPlacements(cluster), true);
            drainMoves.register(ClusterRows.drainMoves(cluster), true);
            moves.register(ClusterRows.moves(cluster), true);
            moveBytes.register(ClusterRows.moveBytes(cluster), true);
            movesStalled.register(ClusterRows.movesStalled(cluster), true);
        });
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

    private static double severalWritable(RosterEngine engine) {
        return engine.latest()
                        .flatMap(PassResult::trouble)
                        .filter(PassResult.Trouble::severalWritable)
                        .isPresent()
                ? 1
                : 0;
    }

    private static double alarms(RosterEngine engine) {
        return engine.latest().map(result -> result.plan().alarms().size()).orElse(0);
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

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
