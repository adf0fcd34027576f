package dev.roster.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a background job that moves shards is: the same value for a drain and for a rebalance.
 *
 * @param job {@code job_id}
 * @param state where it is
 * @param moves its moves, counted
 * @param bytes its bytes, counted; empty if the sizes could not be had
 * @param current the moves that are being made
 * @param bytesPerSecond how fast it is, measured by Roster between its looks; empty before two looks
 * @param eta how long it will take at that pace; empty if no pace is known
 * @param stall what it waits for; empty if it goes on
 * @param at when this was seen
 */
public record MoveProgress(
        long job,
        RebalanceJob.State state,
        Moves moves,
        Optional<Bytes> bytes,
        List<Current> current,
        OptionalLong bytesPerSecond,
        Optional<Duration> eta,
        Optional<Stall> stall,
        Instant at) {

    public MoveProgress {
        current = List.copyOf(current);
    }

    /**
     * Moves, counted.
     *
     * @param done made
     * @param total all
     * @param running being made
     * @param failed given up
     */
    public record Moves(long done, long total, long running, long failed) {

        /** Those of a job. */
        public static Moves of(RebalanceJob job) {
            return new Moves(
                    job.done(),
                    job.tasks().size(),
                    job.tasks().stream().filter(RebalanceJob.Task::isRunning).count(),
                    job.tasks().stream().filter(RebalanceJob.Task::isFailed).count());
        }
    }

    /**
     * Bytes, counted.
     *
     * @param moved at their target, with what of the current moves is
     * @param total all, as large as they were when the job was first looked at
     */
    public record Bytes(long moved, long total) {}

    /**
     * A move that is being made.
     *
     * @param table the table of the shard that it is named after; those colocated with it go along
     * @param shard its {@code shardid}
     * @param source from where
     * @param target to where
     * @param bytes how large it is with all that go along; 0 if unknown
     * @param bytesDone how much of it is at the target
     * @param phase what Citus is doing, in its own words
     */
    public record Current(
            String table,
            long shard,
            HostPort source,
            HostPort target,
            long bytes,
            long bytesDone,
            Optional<String> phase) {}

    /**
     * What a job waits for.
     *
     * @param sentence what is so
     * @param remedy what a person can do
     */
    public record Stall(String sentence, String remedy) {}
}
