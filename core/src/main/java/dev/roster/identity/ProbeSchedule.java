package dev.roster.identity;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sightings;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides whom to ask now. Pure: everything is an argument.
 *
 * <p>A worker that may join is asked while it is still starting, so that its answer is at hand when it becomes healthy, and
 * again when the answer is older than an add allows. A node is asked once in {@code roster.probe.max-age}, at once when its
 * worker's health changed or it went out of sight, and closely while its absence or a new identity is being judged. Who did
 * not answer is asked again after a second, then two, doubling up to the same age; while its source says that it starts, no
 * later than after two, so that an answer is at hand when it is healthy. When one is asked anyway, those whose turn
 * comes soon go along, so that a steady cluster costs one statement a minute.
 */
public final class ProbeSchedule {

    /** The most servers asked in one statement, so that a thousand workers are asked in bounded steps. */
    static final int MOST_AT_ONCE = 200;

    private final PlanSettings settings;

    /**
     * @param settings whether and how often probes are wanted
     */
    public ProbeSchedule(PlanSettings settings) {
        this.settings = settings;
    }

    /**
     * Whom to ask.
     *
     * @param cluster the coordinator's answer
     * @param sightings the sources' answers
     * @param history the latest probes
     * @param before the situation of each address after the pass before; it tells who is being judged and who is settled
     * @param heldBack whose action is waiting in the backoff, so that a fresh answer would be of no use yet
     * @param now the time of the pass
     */
    public Due due(
            ClusterSnapshot cluster,
            Sightings sightings,
            ProbeHistory history,
            Map<HostPort, Situation> before,
            Predicate<HostPort> heldBack,
            Instant now) {
        if (!settings.probe().isOn()) {
            return Due.NOBODY;
        }
        List<ProbeTurn> turns = new ProbeTurns(settings, cluster, sightings, history, before, heldBack, now).all();
        if (turns.stream().noneMatch(turn -> turn.isDue(now))) {
            return new Due(List.of(), false, earliestWake(turns, now));
        }
        boolean newcomer = turns.stream().anyMatch(turn -> turn.isNewcomer() && turn.isDue(now));
        List<ProbeTurn> asked = turns.stream()
                .filter(turn -> turn.goesAlong(now, newcomer, settings))
                .sorted(ProbeTurn.ORDER)
                .toList();
        List<ProbeTurn> batch =
                withoutTheSilent(asked, now).stream().limit(MOST_AT_ONCE).toList();
        Set<ProbeTurn> done = new HashSet<>(batch);
        boolean more = asked.stream().anyMatch(turn -> turn.isDue(now) && !done.contains(turn));
        return new Due(
                batch.stream().map(ProbeTurn::request).toList(),
                more,
                earliestWake(turns.stream().filter(turn -> !done.contains(turn)).toList(), now));
    }

    /** Those whose silence is known are asked apart: waiting for them must not hold up the others. */
    private static List<ProbeTurn> withoutTheSilent(List<ProbeTurn> asked, Instant now) {
        return asked.stream().anyMatch(turn -> turn.isDue(now) && !turn.silent())
                ? asked.stream().filter(turn -> !turn.silent()).toList()
                : asked;
    }

    private static Optional<Instant> earliestWake(List<ProbeTurn> turns, Instant now) {
        return turns.stream()
                .filter(ProbeTurn::wakes)
                .map(ProbeTurn::at)
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    /**
     * The answer.
     *
     * @param requests whom to ask now
     * @param more whether others are due too and did not fit
     * @param wakeAt when the next one is due that should not wait for an ordinary pass
     */
    public record Due(List<ProbeRequest> requests, boolean more, Optional<Instant> wakeAt) {

        static final Due NOBODY = new Due(List.of(), false, Optional.empty());

        public Due {
            requests = List.copyOf(requests);
        }

        /**
         * The same requests, with when to look again by what they were answered with: who did not answer is due soon again,
         * and an answer may show that another server is to be asked at once.
         *
         * @param next who is due once the answers are known
         */
        public Due after(Due next) {
            Set<HostPort> asked = new HashSet<>();
            requests.forEach(request -> asked.add(request.address()));
            boolean others = next.requests().stream().anyMatch(request -> !asked.contains(request.address()));
            return new Due(requests, more || others, next.wakeAt());
        }
    }
}
