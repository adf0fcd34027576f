package dev.roster.reconcile;

import dev.roster.discovery.Sighting;
import dev.roster.plan.Observation;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Passes until everybody discovered is a member, and provisioned if that is configured, or a limit passes: the work of {@code roster once}. Runs on the caller's
 * thread, with settings that say {@link dev.roster.plan.PlanSettings#once}.
 */
public final class OneShot {

    /** Between passes it looks at the sources at least so often, since nobody nudges it. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Pass pass;
    private final InstantSource clock;
    private final Waiting waiting;

    /**
     * @param pass what is repeated
     * @param clock the same clock that the pass reads
     * @param waiting how to wait between passes
     */
    public OneShot(Pass pass, InstantSource clock, Waiting waiting) {
        this.pass = pass;
        this.clock = clock;
        this.waiting = waiting;
    }

    /**
     * Runs passes until the aim is reached or given up.
     *
     * @param limit how long to try
     * @throws InterruptedException if the caller's thread is interrupted while waiting
     */
    public Ended run(Duration limit) throws InterruptedException {
        Instant deadline = clock.instant().plus(limit);
        while (true) {
            PassResult result = pass.runOnce();
            if (result.trouble().isEmpty() && !result.leading()) {
                return new Ended(false, result.sentence() + "; end it, or let it do the work", result);
            }
            Optional<String> missing = missing(result);
            if (missing.isEmpty()) {
                return new Ended(true, "Done: " + members(result) + " discovered, each one a member", result);
            }
            Instant now = clock.instant();
            if (!now.isBefore(deadline)) {
                return new Ended(false, "Gave up after " + limit.toSeconds() + " s: " + missing.get(), result);
            }
            Instant soon = now.plus(LOOK_AGAIN);
            Instant next = result.nextBy().isBefore(soon) ? result.nextBy() : soon;
            if (next.isAfter(now)) {
                waiting.until(next.isBefore(deadline) ? next : deadline);
            }
        }
    }

    private static Optional<String> missing(PassResult result) {
        if (result.trouble().isPresent()) {
            return Optional.of(result.sentence());
        }
        if (result.seen().flatMap(seen -> seen.cluster().doubt()).isPresent()) {
            return Optional.of(result.sentence());
        }
        Optional<String> blind = result.seen().stream()
                .map(Observation::sightings)
                .flatMap(sightings -> sightings.sources().stream())
                .flatMap(sighting -> blindness(sighting).stream())
                .findFirst();
        return blind.or(() -> sighted(result).stream()
                        .filter(OneShot::isAmiss)
                        .map(verdict -> verdict.name() + ": " + verdict.sentence())
                        .findFirst())
                .or(() -> result.provisioning()
                        .filter(report -> !report.isSettled())
                        .map(report -> "provisioning: " + report.sentence()));
    }

    /** Whom a person keeps out is no member, whether it is fenced or not. */
    private static boolean isAmiss(Verdict verdict) {
        return verdict.situation().weight() != Situation.Weight.CALM && verdict.situation() != Situation.UNFENCED;
    }

    private static Optional<String> blindness(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete _ -> Optional.empty();
            case Sighting.Partial partial -> Optional.of(partial.source() + ": " + partial.missing());
            case Sighting.Unavailable unavailable -> Optional.of(unavailable.source() + ": " + unavailable.reason());
        };
    }

    private static String members(PassResult result) {
        int count = sighted(result).size();
        return count + (count == 1 ? " worker" : " workers");
    }

    private static List<Verdict> sighted(PassResult result) {
        return result.plan().verdicts().stream().filter(Verdict::sighted).toList();
    }

    /** How to wait. */
    @FunctionalInterface
    public interface Waiting {
        /**
         * Waits.
         *
         * @param due until when, at the latest
         */
        void until(Instant due) throws InterruptedException;
    }

    /**
     * How it ended.
     *
     * @param done whether everybody discovered is a member
     * @param sentence what was reached, or what is missing and why
     * @param last the last pass
     */
    public record Ended(boolean done, String sentence, PassResult last) {}
}
