package dev.roster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code pg_dist_background_job}: one job at a time, which drains every node that should have no shards, one shard a step.
 * Copied by each transaction.
 */
final class FakeRebalances {

    private final List<RebalanceJob> jobs = new ArrayList<>();

    void copyFrom(FakeRebalances other) {
        jobs.addAll(other.jobs);
    }

    List<RebalanceJob> all() {
        return List.copyOf(jobs);
    }

    Optional<RebalanceJob> active() {
        return jobs.stream().filter(job -> job.state().isActive()).findFirst();
    }

    RebalanceJob start(List<DrainPreview.Move> moves) {
        List<RebalanceJob.Task> tasks = moves.stream()
                .map(move -> new RebalanceJob.Task(
                        "runnable",
                        0,
                        Optional.empty(),
                        Optional.of(new RebalanceJob.Move(move.table(), move.shard(), move.source(), move.target()))))
                .toList();
        RebalanceJob job = new RebalanceJob(jobs.size() + 1, RebalanceJob.State.SCHEDULED, tasks);
        jobs.add(job);
        return job;
    }

    /** The job's next move is done; after the last one it is finished. */
    void oneMoveDone() {
        active().ifPresent(job -> {
            List<RebalanceJob.Task> tasks = new ArrayList<>(job.tasks());
            int next = (int) job.done();
            tasks.set(
                    next,
                    new RebalanceJob.Task(
                            "done", 0, Optional.empty(), job.tasks().get(next).move()));
            boolean last = next + 1 == tasks.size();
            put(new RebalanceJob(job.id(), last ? RebalanceJob.State.FINISHED : RebalanceJob.State.RUNNING, tasks));
        });
    }

    /** What the job under way does next. */
    Optional<RebalanceJob.Move> next() {
        return active().flatMap(job -> job.tasks().get((int) job.done()).move());
    }

    /** The next move of the job under way failed with this and is tried again. */
    void oneMoveFailed(String message) {
        active().ifPresent(job -> {
            List<RebalanceJob.Task> tasks = new ArrayList<>(job.tasks());
            RebalanceJob.Task before = tasks.get((int) job.done());
            tasks.set(
                    (int) job.done(),
                    new RebalanceJob.Task("runnable", before.retried() + 1, Optional.of(message), before.move()));
            put(new RebalanceJob(job.id(), RebalanceJob.State.RUNNING, tasks));
        });
    }

    /** The job under way ends like this, its open moves with this message. */
    void end(RebalanceJob.State state, Optional<String> message) {
        active().ifPresent(job -> put(new RebalanceJob(
                job.id(),
                state,
                job.tasks().stream()
                        .map(task -> task.state().equals("done")
                                ? task
                                : new RebalanceJob.Task(
                                        message.isPresent() ? "error" : "cancelled", 0, message, task.move()))
                        .toList())));
    }

    private void put(RebalanceJob job) {
        jobs.set((int) job.id() - 1, job);
    }
}
