package dev.roster.provision;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.Node;
import dev.roster.ledger.Intent;
import dev.roster.provision.Standing.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whose turn it is. Pure: what the coordinator and the files say, to what is to be run next.
 *
 * <p>A member gets {@code worker-sql} once it is an active primary that Roster knows as a member, added or adopted alike;
 * {@code coordinator-sql} waits until {@code minimum-workers} members have all that is configured for members. A member for which a person ordered anything waits until that order is gone.
 *
 * @param members who gets {@code worker-sql} next; those that failed before go one by one
 * @param coordinator whether {@code coordinator-sql} is next
 * @param standings how far each target is, members in the order of their rows, the coordinator last
 */
public record ProvisionPlan(
        List<Target.Member> members, Optional<Target.Coordinator> coordinator, List<Standing> standings) {

    public ProvisionPlan {
        members = List.copyOf(members);
        standings = List.copyOf(standings);
    }

    /**
     * The plan.
     *
     * @param cluster what the coordinator said
     * @param scripts what the files hold
     * @param done what the ledger remembers
     * @param failures what failed lately, by {@link Target#key}
     * @param minimumWorkers {@code roster.provision.minimum-workers}
     * @param now the time of the pass
     */
    public static ProvisionPlan of(
            ClusterSnapshot cluster,
            Scripts scripts,
            List<Provisioned> done,
            Map<String, Failure> failures,
            int minimumWorkers,
            Instant now) {
        return new Planning(cluster, scripts, done, failures, minimumWorkers, now).plan();
    }

    private static final class Planning {

        private final ClusterSnapshot cluster;
        private final Scripts scripts;
        private final Map<String, Provisioned> done;
        private final Map<String, Failure> failures;
        private final int minimumWorkers;
        private final Instant now;
        private final List<Standing> standings = new ArrayList<>();

        Planning(
                ClusterSnapshot cluster,
                Scripts scripts,
                List<Provisioned> done,
                Map<String, Failure> failures,
                int minimumWorkers,
                Instant now) {
            this.cluster = cluster;
            this.scripts = scripts;
            this.done =
                    done.stream().collect(Collectors.toMap(Provisioned::key, Function.identity(), (first, _) -> first));
            this.failures = failures;
            this.minimumWorkers = minimumWorkers;
            this.now = now;
        }

        ProvisionPlan plan() {
            List<Target.Member> due = scripts.worker().map(this::judgeMembers).orElse(List.of());
            boolean coordinatorIsNext =
                    scripts.coordinator().map(this::judgeCoordinator).orElse(false);
            return new ProvisionPlan(
                    together(due), coordinatorIsNext ? Optional.of(coordinator()) : Optional.empty(), standings);
        }

        private List<Target.Member> judgeMembers(Script script) {
            Set<String> ordered = ordered();
            List<Target.Member> due = new ArrayList<>();
            for (Target.Member member : members()) {
                Standing standing = ordered.contains(member.key()) && !has(member, script)
                        ? new Standing(
                                member, State.WAITING, "waits until the order for this node is done or cancelled")
                        : standing(member, script);
                standings.add(standing);
                if (standing.state() == State.DUE) {
                    due.add(member);
                }
            }
            return due;
        }

        private boolean judgeCoordinator(Script script) {
            Target.Coordinator target = coordinator();
            int ready = ready();
            Standing standing = has(target, script) || ready >= minimumWorkers
                    ? standing(target, script)
                    : new Standing(target, State.WAITING, waits(ready));
            standings.add(standing);
            return standing.state() == State.DUE;
        }

        private String waits(int ready) {
            return "waits for " + minimumWorkers + (minimumWorkers == 1 ? " member" : " members")
                    + (scripts.worker().isPresent() ? " with worker-sql done, " : ", ") + ready
                    + (ready == 1 ? " is there" : " are there");
        }

        private Standing standing(Target target, Script script) {
            if (has(target, script)) {
                return new Standing(target, State.DONE, script.shortFingerprint() + " carried out at " + at(target));
            }
            Failure failure = failures.get(target.key());
            if (failure != null
                    && failure.concerns(target, script)
                    && failure.until().isAfter(now)) {
                return new Standing(
                        target,
                        State.FAILED,
                        "failed: " + failure.fault().sentence() + "; "
                                + failure.fault().remedy()
                                + "; tried " + failure.times() + (failure.times() == 1 ? " time" : " times")
                                + ", again at " + seconds(failure.until()));
            }
            return new Standing(target, State.DUE, script.shortFingerprint() + " is next");
        }

        /** Those that never failed at once; if there are none, one that did, so that it holds up nobody else. */
        private List<Target.Member> together(List<Target.Member> due) {
            List<Target.Member> fresh =
                    due.stream().filter(member -> !failedBefore(member)).toList();
            return fresh.isEmpty()
                    ? due.stream().limit(1).toList()
                    : fresh.stream().limit(Provisioner.MOST_TOGETHER).toList();
        }

        private boolean failedBefore(Target.Member member) {
            Failure failure = failures.get(member.key());
            return failure != null
                    && scripts.worker()
                            .filter(script -> failure.concerns(member, script))
                            .isPresent();
        }

        /** Members that have all that is configured for members. */
        private int ready() {
            return (int) members().stream()
                    .filter(member -> scripts.worker().stream().allMatch(script -> has(member, script)))
                    .count();
        }

        private List<Target.Member> members() {
            return cluster.nodes().stream()
                    .filter(node -> !node.isCoordinator() && !node.isClone() && node.isActivePrimary())
                    .flatMap(node -> member(node).stream())
                    .toList();
        }

        private Optional<Target.Member> member(Node node) {
            return cluster.ledger()
                    .member(node.id())
                    .map(known -> new Target.Member(node.id(), node.group(), node.address(), known.identity()));
        }

        private Set<String> ordered() {
            Set<String> keys = new HashSet<>();
            for (Intent intent : cluster.ledger().intents()) {
                intent.node().ifPresent(node -> keys.add("node " + node.value()));
            }
            return keys;
        }

        private Target.Coordinator coordinator() {
            return new Target.Coordinator(
                    cluster.coordinator()
                            .registered()
                            .orElse(cluster.coordinator().dialed()),
                    cluster.coordinator().systemIdentifier());
        }

        private boolean has(Target target, Script script) {
            Provisioned known = done.get(target.key());
            return known != null && known.covers(target, script);
        }

        private String at(Target target) {
            Provisioned known = done.get(target.key());
            return known == null ? "" : seconds(known.at());
        }

        private static String seconds(Instant time) {
            return time.toString().substring(0, 19) + "Z";
        }
    }
}
