package dev.roster.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A background job of Citus that moves shards, as {@code pg_dist_background_job} and {@code pg_dist_background_task} tell it.
 *
 * @param id {@code job_id}
 * @param state where it is
 * @param tasks its moves
 */
public record RebalanceJob(long id, State state, List<Task> tasks) {

    public RebalanceJob {
        tasks = List.copyOf(tasks);
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
     */
    public record Task(String state, int retried, Optional<String> message) {

        boolean isDone() {
            return state.equals("done");
        }
    }

    /** How many moves are done. */
    public long done() {
        return tasks.stream().filter(Task::isDone).count();
    }

    /** What hinders it: the message of a move that failed and is tried again, or was given up. */
    public Optional<String> trouble() {
        return tasks.stream()
                .filter(task ->
                        !task.isDone() && (task.retried() > 0 || task.state().equals("error")))
                .map(Task::message)
                .flatMap(Optional::stream)
                .map(text -> text.lines().findFirst().orElse("").strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
