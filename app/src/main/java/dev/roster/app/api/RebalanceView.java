package dev.roster.app.api;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.plan.RebalanceHint;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code GET /api/v1/rebalance}: the job that moves shards, be it a drain's or a rebalance's, as of the last pass.
 *
 * @param state {@code idle}; {@code ordered} (waits for its turn); {@code failed} (Citus gave it up); or that of Citus' job:
 *     {@code scheduled}, {@code running}, {@code cancelling}, {@code failing}
 * @param kind {@code rebalance}, {@code drain}, or {@code foreign} for a job that Roster did not start; left out when idle
 * @param job Citus' {@code job_id}
 * @param mode how shards are moved
 * @param startedAt when it was ordered, or else when its first move began
 * @param by who ordered it
 * @param moves its moves, counted
 * @param bytes its bytes, counted; left out while the sizes are unknown
 * @param current the moves that are being made
 * @param bytesPerSecond how fast it is, measured between passes
 * @param etaSeconds how long it will take at that pace
 * @param stall what it waits for
 * @param preview what a rebalance would move; only if asked for by {@code ?preview=true}
 * @param hint what a rebalance would be good for
 * @param at when this was seen
 */
@RegisterForReflection
public record RebalanceView(
        String state,
        Optional<String> kind,
        Optional<Long> job,
        Optional<String> mode,
        Optional<Instant> startedAt,
        Optional<String> by,
        Moves moves,
        Optional<Bytes> bytes,
        List<Current> current,
        OptionalLong bytesPerSecond,
        OptionalLong etaSeconds,
        Optional<Stall> stall,
        List<Planned> preview,
        Optional<String> hint,
        Optional<Instant> at) {

    /**
     * Moves, counted.
     *
     * @param done made
     * @param total all
     * @param running being made
     * @param failed given up
     */
    @RegisterForReflection
    public record Moves(long done, long total, long running, long failed) {

        private static final Moves NONE = new Moves(0, 0, 0, 0);
    }

    /**
     * Bytes, counted.
     *
     * @param moved at their target
     * @param total all
     */
    @RegisterForReflection
    public record Bytes(long moved, long total) {}

    /**
     * A move that is being made.
     *
     * @param table the table of the shard that it is named after; those colocated with it go along
     * @param shard its {@code shardid}
     * @param source from where
     * @param target to where
     * @param bytes how large it is with all that go along
     * @param bytesDone how much of it is at the target
     * @param phase what Citus is doing, in its own words
     */
    @RegisterForReflection
    public record Current(
            String table,
            long shard,
            String source,
            String target,
            long bytes,
            long bytesDone,
            Optional<String> phase) {}

    /**
     * What it waits for.
     *
     * @param sentence what is so
     * @param remedy what a person can do
     */
    @RegisterForReflection
    public record Stall(String sentence, String remedy) {}

    /**
     * A move that would be made.
     *
     * @param table the table
     * @param shard its {@code shardid}
     * @param source from where
     * @param target to where
     * @param bytes how large it is
     */
    @RegisterForReflection
    public record Planned(String table, long shard, String source, String target, long bytes) {

        static Planned of(DrainPreview.Move move) {
            return new Planned(
                    move.table(),
                    move.shard(),
                    move.source().toString(),
                    move.target().toString(),
                    move.bytes());
        }
    }

    static RebalanceView of(Optional<ClusterSnapshot> seen, List<Planned> preview) {
        Optional<RebalanceJob> job = seen.flatMap(ClusterSnapshot::activeRebalance);
        Optional<Intent> order = seen.flatMap(cluster -> order(cluster, job));
        Optional<MoveProgress> progress = seen.flatMap(ClusterSnapshot::moves);
        Optional<Stall> failure = order.filter(each -> each.stage() == Intent.Stage.FAILED)
                .map(failed -> new Stall(
                        "It was given up: " + failed.note().orElse("it does not say why"),
                        "order it again, or dismiss it: roster rebalance --stop"));
        return new RebalanceView(
                job.map(each -> SituationView.word(each.state()))
                        .or(() -> order.map(each -> SituationView.word(each.stage())))
                        .orElse("idle"),
                order.map(each -> each.kind().word()).or(() -> job.map(_ -> "foreign")),
                job.map(RebalanceJob::id),
                order.map(each -> each.mode().word()),
                order.map(Intent::orderedAt).or(() -> job.flatMap(RebalanceJob::startedAt)),
                order.map(Intent::orderedBy),
                job.map(MoveProgress.Moves::of)
                        .map(moves -> new Moves(moves.done(), moves.total(), moves.running(), moves.failed()))
                        .orElse(Moves.NONE),
                progress.flatMap(MoveProgress::bytes).map(bytes -> new Bytes(bytes.moved(), bytes.total())),
                progress.map(MoveProgress::current).orElse(List.of()).stream()
                        .map(RebalanceView::current)
                        .toList(),
                progress.map(MoveProgress::bytesPerSecond).orElse(OptionalLong.empty()),
                progress.flatMap(MoveProgress::eta)
                        .map(Duration::toSeconds)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                progress.flatMap(MoveProgress::stall)
                        .map(stall -> new Stall(stall.sentence(), stall.remedy()))
                        .or(() -> failure),
                preview,
                seen.flatMap(RebalanceHint::of),
                seen.map(ClusterSnapshot::at));
    }

    /** The order that the job was started for; without a job the one to rebalance. */
    private static Optional<Intent> order(ClusterSnapshot cluster, Optional<RebalanceJob> job) {
        return job.isEmpty()
                ? cluster.ledger().rebalance()
                : cluster.ledger().intents().stream()
                        .filter(intent ->
                                intent.job().filter(id -> id == job.get().id()).isPresent())
                        .findFirst();
    }

    private static Current current(MoveProgress.Current move) {
        return new Current(
                move.table(),
                move.shard(),
                move.source().toString(),
                move.target().toString(),
                move.bytes(),
                move.bytesDone(),
                move.phase());
    }
}
