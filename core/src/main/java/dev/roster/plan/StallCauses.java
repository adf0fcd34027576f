package dev.roster.plan;

import dev.roster.cluster.MoveLook;
import dev.roster.cluster.MoveProgress.Stall;
import dev.roster.cluster.RebalanceJob;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a job that moves shards waits for, and what a person can do about it (docs/citus.md section 6). Pure. */
public final class StallCauses {

    /** Shorter waits are part of every move. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(5);

    /** Citus begins moves within {@code citus.background_task_queue_interval}, 5 s; this is a few of them. */
    private static final Duration LONG_IDLE = Duration.ofSeconds(20);

    /** How a session of Citus on a worker names the one that it works for. */
    private static final Pattern GLOBAL_PID = Pattern.compile("gpid=(\\d+)");

    private StallCauses() {}

    /**
     * The first cause that applies.
     *
     * @param job a job under way
     * @param look what was seen of it
     * @param idle for how long no move has been made
     */
    public static Optional<Stall> of(RebalanceJob job, MoveLook look, Duration idle) {
        return job.trouble()
                .map(trouble -> new Stall("Citus tries again what failed with: " + trouble, remedy(trouble)))
                .or(() -> longestWait(look))
                .or(() -> idle(look, idle));
    }

    private static Optional<Stall> longestWait(MoveLook look) {
        return look.waits().stream()
                .filter(wait -> wait.since().compareTo(LONG_WAIT) >= 0)
                .max(Comparator.comparing(MoveLook.LockWait::since))
                .map(StallCauses::wait);
    }

    private static Stall wait(MoveLook.LockWait wait) {
        String begin = "The current move has waited " + Words.length(wait.since()) + " on " + wait.server()
                + " for a lock (" + wait.lock() + ") of ";
        if (wait.holder() == 0) {
            return new Stall(
                    begin + "a prepared transaction",
                    "on " + wait.server()
                            + ": SELECT gid, prepared, owner FROM pg_prepared_xacts; then COMMIT PREPARED or"
                            + " ROLLBACK PREPARED");
        }
        String sentence = begin + "session " + wait.holder()
                + wait.user().map(user -> " of user " + user).orElse("")
                + wait.state().map(state -> ", " + state).orElse("");
        Matcher global = GLOBAL_PID.matcher(wait.application().orElse(""));
        return global.find()
                ? new Stall(
                        sentence + ", which works for the session with the global pid " + global.group(1),
                        "let its transaction end, or end it on the coordinator: SELECT pg_terminate_backend("
                                + global.group(1) + ");")
                : new Stall(
                        sentence
                                + wait.application()
                                        .filter(name -> !name.isBlank())
                                        .map(name -> ", application " + name)
                                        .orElse(""),
                        "let its transaction end, or end it on " + wait.server() + ": SELECT pg_terminate_backend("
                                + wait.holder() + ");");
    }

    private static Optional<Stall> idle(MoveLook look, Duration idle) {
        if (idle.compareTo(LONG_IDLE) < 0) {
            return Optional.empty();
        }
        String begin = "No move has begun for " + Words.length(idle);
        Optional<MoveLook.BackgroundWorkers> full = look.workers().filter(workers -> workers.used() >= workers.most());
        return Optional.of(
                full.isPresent()
                        ? new Stall(
                                begin + ": the coordinator has no background worker free, "
                                        + full.get().used() + " of max_worker_processes="
                                        + full.get().most() + " are in use",
                                "on the coordinator: ALTER SYSTEM SET max_worker_processes = "
                                        + 2 * full.get().most() + "; then restart it")
                        : new Stall(
                                begin,
                                "look at the coordinator's log, and whether citus.max_background_task_executors and"
                                        + " citus.background_task_queue_interval let Citus work"));
    }

    /** What helps against a message of Citus. */
    static String remedy(String trouble) {
        if (trouble.contains("wal_level")) {
            return "set wal_level=logical on every node and restart it";
        }
        if (trouble.contains("REPLICA IDENTITY")) {
            return "add a primary key, or cancel and order it again with the mode block_writes";
        }
        if (trouble.contains("replication slots") || trouble.contains("max_wal_senders")) {
            return "raise max_replication_slots and max_wal_senders on the node";
        }
        if (trouble.contains("should_have_shards=true")) {
            return "add a worker, or let one take shards: SELECT citus_set_node_property('host', port,"
                    + " 'shouldhaveshards', true);";
        }
        if (trouble.contains("could not be cleaned up")) {
            return "on the coordinator: CALL citus_cleanup_orphaned_resources(); its warnings tell why it cannot, and if it gives"
                    + " none, the table was on a node that is gone: roster check has the line";
        }
        if (trouble.contains("No space left") || trouble.contains("could not extend")) {
            return "free disk space on the node that takes the shard";
        }
        if (trouble.contains("connection") || trouble.contains("could not connect")) {
            return "bring the node back; Citus goes on by itself";
        }
        return "look at the coordinator's log";
    }
}
