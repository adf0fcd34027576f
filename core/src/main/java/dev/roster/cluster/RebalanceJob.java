package dev.roster.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A background job of Citus that moves shards, as {@code pg_dist_background_job} and {@code pg_dist_background_task} tell it.
 *
 * @param id {@code job_id}
 * @param state where it is
 * @param startedAt when its first move began; empty before that
 * @param tasks its moves
 */
public record RebalanceJob(long id, State state, Optional<Instant> startedAt, List<Task> tasks) {

    public RebalanceJob {
        tasks = List.copyOf(tasks);
    }

    /** A job of which nobody knows when it began. */
    public RebalanceJob(long id, State state, List<Task> tasks) {
        this(id, state, Optional.empty(), tasks);
    }

    /** {@code citus_job_status}. */
    public enum State {
        /** Not begun. */
        SCHEDULED,
        /** Under way; also while its tasks fail and are tried again. */
        RUNNING,
        /** All moves done. */
        FINISHED,
        /** Being stopped. */
        CANCELLING,
        /** Stopped; finished moves stay. */
        CANCELLED,
        /** A move is about to be given up. */
        FAILING,
        /** Given up. */
        FAILED;

        /** Whether Citus still works on it, and refuses another one. */
        public boolean isActive() {
            return switch (this) {
                case SCHEDULED, RUNNING, CANCELLING, FAILING -> true;
                case FINISHED, CANCELLED, FAILED -> false;
            };
        }
    }

    /**
     * One move.
     *
     * @param state {@code citus_task_status} in lower case, such as {@code runnable}, {@code running}, {@code done}
     * @param retried how often it failed and was tried again
     * @param message what it failed with last
     * @param move what is moved; empty if its command could not be read
     */
    public record Task(String state, int retried, Optional<String> message, Optional<Move> move) {

        /** A move of which only the state is known. */
        public Task(String state, int retried, Optional<String> message) {
            this(state, retried, message, Optional.empty());
        }

        /** Whether the shards are at their target. */
        public boolean isDone() {
            return state.equals("done");
        }

        /** Whether it is being made just now. */
        public boolean isRunning() {
            return state.equals("running");
        }

        /** Whether Citus gave it up. */
        public boolean isFailed() {
            return state.equals("error");
        }
    }

    /**
     * A shard, with all those colocated with it, on its way.
     *
     * @param table the table of the shard that the move is named after
     * @param shard {@code shardid}
     * @param source from where
     * @param target to where
     */
    public record Move(String table, long shard, HostPort source, HostPort target) {}

    /** Whether a move that is still to be made leaves this node or goes there; so too if it is not known where it goes. */
    public boolean concerns(HostPort node) {
        return state.isActive()
                && tasks.stream()
                        .filter(task -> !task.isDone())
                        .anyMatch(task -> task.move().isEmpty()
                                || task.move().get().source().equals(node)
                                || task.move().get().target().equals(node));
    }

    /** How many moves are done. */
    public long done() {
        return tasks.stream().filter(Task::isDone).count();
    }

    /** What hinders it: the message of a move that failed and is tried again, or was given up. */
    public Optional<String> trouble() {
        return tasks.stream()
                .filter(task -> !task.isDone() && (task.retried() > 0 || task.isFailed()))
                .map(Task::message)
                .flatMap(Optional::stream)
                .map(text -> text.lines().findFirst().orElse("").strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
