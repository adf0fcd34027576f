package dev.roster.reconcile;

import dev.roster.cluster.MoveLook;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.RebalanceJob;
import dev.roster.plan.StallCauses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Measures how fast a job moves shards, from one look to the next, and since when nothing has moved. Time is an argument.
 * Used by the thread that runs the passes.
 */
final class MoveWatch {

    /** A pace older than this says little of what comes next. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private long job = -1;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Optional<Instant> idleSince = Optional.empty();

    /** What was done at one look. */
    private record Sample(Instant at, long moves, OptionalLong bytes) {}

    /** How far the job is at this look. */
    MoveProgress observe(RebalanceJob seen, MoveLook look, Instant now) {
        if (seen.id() != job) {
            job = seen.id();
            samples.clear();
            idleSince = Optional.empty();
        }
        MoveProgress.Moves moves = MoveProgress.Moves.of(seen);
        Optional<MoveProgress.Bytes> bytes = bytes(seen, look);
        noteIdleness(moves, now);
        samples.addLast(new Sample(
                now,
                moves.done(),
                bytes.map(counted -> OptionalLong.of(counted.moved())).orElse(OptionalLong.empty())));
        while (samples.size() > 2 && samples.getFirst().at().isBefore(now.minus(WINDOW))) {
            samples.removeFirst();
        }
        OptionalLong pace = bytesPerSecond();
        return new MoveProgress(
                seen.id(),
                seen.state(),
                moves,
                bytes,
                current(seen, look),
                pace,
                eta(moves, bytes, pace),
                StallCauses.of(
                        seen,
                        look,
                        idleSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO)),
                now);
    }

    private void noteIdleness(MoveProgress.Moves moves, Instant now) {
        boolean moved = !samples.isEmpty() && samples.getLast().moves() != moves.done();
        if (moves.running() > 0) {
            idleSince = Optional.empty();
        } else if (idleSince.isEmpty() || moved) {
            idleSince = Optional.of(now);
        }
    }

    private static Optional<MoveProgress.Bytes> bytes(RebalanceJob job, MoveLook look) {
        if (look.bytes().isEmpty()) {
            return Optional.empty();
        }
        long total = 0;
        long moved = 0;
        for (RebalanceJob.Task task : job.tasks()) {
            long size = task.move().map(move -> size(move, look)).orElse(0L);
            total += size;
            if (task.isDone()) {
                moved += size;
            } else if (task.isRunning()) {
                moved += task.move()
                        .flatMap(move -> running(move, look))
                        .map(run -> Math.min(run.bytesDone(), size))
                        .orElse(0L);
            }
        }
        return Optional.of(new MoveProgress.Bytes(moved, total));
    }

    private static List<MoveProgress.Current> current(RebalanceJob job, MoveLook look) {
        return job.tasks().stream()
                .filter(RebalanceJob.Task::isRunning)
                .flatMap(task -> task.move().stream())
                .map(move -> new MoveProgress.Current(
                        move.table(),
                        move.shard(),
                        move.source(),
                        move.target(),
                        size(move, look),
                        running(move, look).map(MoveLook.Running::bytesDone).orElse(0L),
                        running(move, look).flatMap(MoveLook.Running::phase)))
                .toList();
    }

    private static long size(RebalanceJob.Move move, MoveLook look) {
        return look.bytes().getOrDefault(move.shard(), 0L);
    }

    private static Optional<MoveLook.Running> running(RebalanceJob.Move move, MoveLook look) {
        return look.running().stream()
                .filter(run -> run.shards().contains(move.shard()))
                .findFirst();
    }

    private OptionalLong bytesPerSecond() {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long millis = Duration.between(first.at(), last.at()).toMillis();
        if (millis <= 0 || first.bytes().isEmpty() || last.bytes().isEmpty()) {
            return OptionalLong.empty();
        }
        long moved = Math.max(0, last.bytes().getAsLong() - first.bytes().getAsLong());
        return OptionalLong.of(moved * 1000 / millis);
    }

    /** By bytes, or by moves where nobody knows the sizes. */
    private Optional<Duration> eta(
            MoveProgress.Moves moves, Optional<MoveProgress.Bytes> bytes, OptionalLong bytesPerSecond) {
        if (bytes.isPresent() && bytes.get().total() > 0) {
            return bytesPerSecond.isPresent() && bytesPerSecond.getAsLong() > 0
                    ? Optional.of(Duration.ofSeconds(
                            (bytes.get().total() - bytes.get().moved()) / bytesPerSecond.getAsLong()))
                    : Optional.empty();
        }
        Sample first = samples.getFirst();
        long done = moves.done() - first.moves();
        return done > 0
                ? Optional.of(Duration.between(first.at(), samples.getLast().at())
                        .dividedBy(done)
                        .multipliedBy(moves.total() - moves.done()))
                : Optional.empty();
    }
}
