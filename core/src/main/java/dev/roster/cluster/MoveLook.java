package dev.roster.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A closer look at a job under way, for what the catalogs alone do not tell: {@code citus_shard_sizes()},
 * {@code get_rebalance_progress()}, and who waits for whom on the servers concerned. What could not be had is missing.
 *
 * @param bytes how large each move is, by its {@code shardid}: the shard with all that are colocated with it
 * @param running the moves that are being made
 * @param waits what their sessions wait for
 * @param workers how many background processes the coordinator has, and may have; empty if it could not be told
 */
public record MoveLook(
        Map<Long, Long> bytes, List<Running> running, List<LockWait> waits, Optional<BackgroundWorkers> workers) {

    /** Nothing could be had. */
    public static final MoveLook NOTHING = new MoveLook(Map.of(), List.of(), List.of(), Optional.empty());

    public MoveLook {
        bytes = Map.copyOf(bytes);
        running = List.copyOf(running);
        waits = List.copyOf(waits);
    }

    /**
     * A move that is being made.
     *
     * @param shards the {@code shardid}s of the shard and of those colocated with it
     * @param bytes how large they are where they come from
     * @param bytesDone how large they are already where they go to
     * @param phase what Citus is doing, in its own words, such as {@code Copying Data}
     */
    public record Running(List<Long> shards, long bytes, long bytesDone, Optional<String> phase) {

        public Running {
            shards = List.copyOf(shards);
        }
    }

    /**
     * A session that a move needs and that waits for another one's lock.
     *
     * @param server where
     * @param holder the process that holds the lock; 0 for a prepared transaction
     * @param user who it is logged in as
     * @param application what it calls itself
     * @param state such as {@code idle in transaction}
     * @param lock what is waited for, such as {@code transactionid} or {@code relation orders_102008}
     * @param since for how long
     */
    public record LockWait(
            HostPort server,
            long holder,
            Optional<String> user,
            Optional<String> application,
            Optional<String> state,
            String lock,
            Duration since) {}

    /**
     * {@code max_worker_processes} and how many of them are in use.
     *
     * @param used how many run
     * @param most how many may
     */
    public record BackgroundWorkers(int used, int most) {}
}
