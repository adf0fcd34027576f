package dev.roster.plan;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings that the planner and its filters read, grouped as their keys are; {@code docs/configuration.md} tells of each.
 * Immutable.
 *
 * @param mode what may be changed at all
 * @param once whether this is a one-shot run, which never removes or disables
 * @param departure when a member that is no longer sighted is taken for gone
 * @param disableAfter how long a member whose shards all have other copies may be away before it is disabled; empty: never
 * @param probe whether servers are asked what they are, and how long an answer counts
 * @param coordinator where the coordinator is
 * @param follow how data is followed to another address
 * @param rebalanceOnJoin whether shards are spread by themselves after workers joined
 * @param secondaries what becomes of standbys of members
 */
public record PlanSettings(
        Mode mode,
        boolean once,
        Departure departure,
        Optional<Duration> disableAfter,
        Probe probe,
        Coordinator coordinator,
        Follow follow,
        RebalanceOnJoin rebalanceOnJoin,
        Secondaries secondaries) {

    /** The defaults of every key. */
    public static final PlanSettings DEFAULTS = new PlanSettings(
            Mode.MANAGE,
            false,
            Departure.DEFAULTS,
            Optional.empty(),
            Probe.DEFAULTS,
            Coordinator.DEFAULTS,
            Follow.DEFAULTS,
            RebalanceOnJoin.NEVER,
            Secondaries.IGNORE);

    /** The same for a run that ends by itself. */
    public PlanSettings forOneRun() {
        return new PlanSettings(
                mode, true, departure, disableAfter, probe, coordinator, follow, rebalanceOnJoin, secondaries);
    }

    /** The same with other things that may be changed. */
    public PlanSettings with(Mode other) {
        return new PlanSettings(
                other, once, departure, disableAfter, probe, coordinator, follow, rebalanceOnJoin, secondaries);
    }

    /** The same with another judgement of absence. */
    public PlanSettings with(Departure other) {
        return new PlanSettings(
                mode, once, other, disableAfter, probe, coordinator, follow, rebalanceOnJoin, secondaries);
    }

    /** The same, disabling members that are away for so long. */
    public PlanSettings disablingAfter(Duration away) {
        return new PlanSettings(
                mode, once, departure, Optional.of(away), probe, coordinator, follow, rebalanceOnJoin, secondaries);
    }

    /** The same with other questions to servers. */
    public PlanSettings with(Probe other) {
        return new PlanSettings(
                mode, once, departure, disableAfter, other, coordinator, follow, rebalanceOnJoin, secondaries);
    }

    /** The same for a coordinator elsewhere. */
    public PlanSettings with(Coordinator other) {
        return new PlanSettings(
                mode, once, departure, disableAfter, probe, other, follow, rebalanceOnJoin, secondaries);
    }

    /** The same with another way to follow. */
    public PlanSettings with(Follow other) {
        return new PlanSettings(
                mode, once, departure, disableAfter, probe, coordinator, other, rebalanceOnJoin, secondaries);
    }

    /** The same with another answer to joins. */
    public PlanSettings with(RebalanceOnJoin other) {
        return new PlanSettings(mode, once, departure, disableAfter, probe, coordinator, follow, other, secondaries);
    }

    /** The same with another answer to standbys of members. */
    public PlanSettings with(Secondaries other) {
        return new PlanSettings(
                mode, once, departure, disableAfter, probe, coordinator, follow, rebalanceOnJoin, other);
    }

    /**
     * {@code roster.departure.*}.
     *
     * @param grace how long a member must be absent where absence is no proof
     * @param provenGrace how long where absence is proof
     * @param remove which absence leads to removal
     */
    public record Departure(Duration grace, Duration provenGrace, DepartureRemove remove) {

        /** The defaults of every key. */
        public static final Departure DEFAULTS =
                new Departure(Duration.ofMinutes(5), Duration.ofSeconds(5), DepartureRemove.CERTAIN);

        /** The same patience with another consequence. */
        public Departure removing(DepartureRemove other) {
            return new Departure(grace, provenGrace, other);
        }
    }

    /**
     * {@code roster.probe.*}, as far as it matters what was asked and not how.
     *
     * @param isOn whether servers are asked at all, without which workers are added blindly
     * @param maxAge how old the answer of a member may be
     * @param maxAgeToAct how old the answer may be of a worker to be added, or of a node to be removed or disabled
     */
    public record Probe(boolean isOn, Duration maxAge, Duration maxAgeToAct) {

        /** The defaults of every key. */
        public static final Probe DEFAULTS = new Probe(true, Duration.ofSeconds(60), Duration.ofSeconds(5));

        /** {@code roster.probe.mode=off}. */
        public static final Probe OFF = new Probe(false, DEFAULTS.maxAge, DEFAULTS.maxAgeToAct);
    }

    /**
     * {@code CITUS_HOST} and {@code roster.coordinator.*}.
     *
     * @param hosts all addresses of the coordinator that a person named, of which one is writable; empty if it has only one
     * @param advertised how workers reach it, if a person says so
     */
    public record Coordinator(List<HostPort> hosts, Optional<HostPort> advertised) {

        /** A coordinator at a single address, which workers reach as Roster does. */
        public static final Coordinator DEFAULTS = new Coordinator(List.of(), Optional.empty());

        public Coordinator {
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * {@code roster.follow.*}.
     *
     * @param forceAfter how long sessions that hold locks on the shards of a group may go on before Citus ends them; empty:
     *     they are never ended
     * @param maxLag by how many bytes of WAL a standby that was seen behind its primary may be behind what the primary was last
     *     seen at
     * @param interval how often a member that has standbys, and they, are asked what they are
     */
    public record Follow(Optional<Duration> forceAfter, long maxLag, Duration interval) {

        /** The defaults of every key. */
        public static final Follow DEFAULTS = new Follow(Optional.empty(), 1024 * 1024, Duration.ofSeconds(5));
    }

    /** {@code roster.mode}. */
    public enum Mode {
        /** Everything the table says. */
        MANAGE,
        /** Only actions that add or adopt. */
        ADD_ONLY,
        /** Nothing; what would be done is shown. */
        OBSERVE
    }

    /** {@code roster.rebalance.on-join}. */
    public enum RebalanceOnJoin {
        /** Moving shards is left to people; the status says where it would help. */
        NEVER,
        /** One rebalance once a burst of joins has settled. */
        START
    }

    /** {@code roster.secondaries}. */
    public enum Secondaries {
        /** Standbys are shown, and followed once promoted. */
        IGNORE,
        /** They are registered as Citus secondaries, too. */
        REGISTER
    }

    /** {@code roster.departure.remove}. */
    public enum DepartureRemove {
        /** Only absence that its source proves. */
        CERTAIN,
        /** Any absence past its grace time. */
        ABSENT,
        /** None; removing is left to people. */
        NEVER
    }
}
