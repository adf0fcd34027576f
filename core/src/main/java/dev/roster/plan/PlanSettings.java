package dev.roster.plan;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings that the planner and its filters read (DESIGN section 8 gives their defaults).
 *
 * @param mode what may be changed at all
 * @param once whether this is a one-shot run, which never removes or disables
 * @param departureGrace how long a member must be absent where absence is no proof
 * @param departureProvenGrace how long where absence is proof
 * @param departureRemove which absence leads to removal
 * @param disableAfter how long a member whose shards all have other copies may be away before it is disabled; empty: never
 * @param probing whether workers are probed before they are added
 * @param probeMaxAge how old a member's probe may be
 * @param addProbeMaxAge how old the probe of a worker to be added, or of a node to be removed or disabled, may be
 * @param advertised how workers reach the coordinator, if a person says so
 * @param coordinators all addresses of the coordinator that a person named, of which one is writable
 * @param follow how data is followed to another address
 * @param rebalanceOnJoin whether shards are spread by themselves after workers joined
 * @param secondaries what becomes of standbys of members
 */
public record PlanSettings(
        Mode mode,
        boolean once,
        Duration departureGrace,
        Duration departureProvenGrace,
        DepartureRemove departureRemove,
        Optional<Duration> disableAfter,
        boolean probing,
        Duration probeMaxAge,
        Duration addProbeMaxAge,
        Optional<HostPort> advertised,
        List<HostPort> coordinators,
        Follow follow,
        RebalanceOnJoin rebalanceOnJoin,
        Secondaries secondaries) {

    public PlanSettings {
        coordinators = List.copyOf(coordinators);
    }

    /** Settings for a single coordinator that follow data by the defaults. */
    public PlanSettings(
            Mode mode,
            boolean once,
            Duration departureGrace,
            Duration departureProvenGrace,
            DepartureRemove departureRemove,
            Optional<Duration> disableAfter,
            boolean probing,
            Duration probeMaxAge,
            Duration addProbeMaxAge,
            Optional<HostPort> advertised) {
        this(
                mode,
                once,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                advertised,
                List.of(),
                Follow.DEFAULTS,
                RebalanceOnJoin.NEVER,
                Secondaries.IGNORE);
    }

    /** The same for a run that ends by itself. */
    public PlanSettings forOneRun() {
        return new PlanSettings(
                mode,
                true,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                advertised,
                coordinators,
                follow,
                rebalanceOnJoin,
                secondaries);
    }

    /** The same with another answer to joins. */
    public PlanSettings with(RebalanceOnJoin other) {
        return new PlanSettings(
                mode,
                once,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                advertised,
                coordinators,
                follow,
                other,
                secondaries);
    }

    /** The same for a coordinator that has several addresses, and how workers reach it. */
    public PlanSettings with(List<HostPort> hosts, Optional<HostPort> reachedAt) {
        return new PlanSettings(
                mode,
                once,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                reachedAt,
                hosts,
                follow,
                rebalanceOnJoin,
                secondaries);
    }

    /** The same with another way to follow. */
    public PlanSettings with(Follow other) {
        return new PlanSettings(
                mode,
                once,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                advertised,
                coordinators,
                other,
                rebalanceOnJoin,
                secondaries);
    }

    /** The same with another answer to standbys of members. */
    public PlanSettings with(Secondaries other) {
        return new PlanSettings(
                mode,
                once,
                departureGrace,
                departureProvenGrace,
                departureRemove,
                disableAfter,
                probing,
                probeMaxAge,
                addProbeMaxAge,
                advertised,
                coordinators,
                follow,
                rebalanceOnJoin,
                other);
    }

    /** The defaults of every key. */
    public static final PlanSettings DEFAULTS = new PlanSettings(
            Mode.MANAGE,
            false,
            Duration.ofMinutes(5),
            Duration.ofSeconds(5),
            DepartureRemove.CERTAIN,
            Optional.empty(),
            true,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Optional.empty());

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
