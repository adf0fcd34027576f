package dev.roster.simulation;

import dev.roster.plan.Order;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The whole engine in one world, from one seed: faults strike, passes run, and each step is held against the laws; then the
 * faults end, and it has to come to rest.
 */
final class Simulation {

    private static final int STEPS = 30;

    /** A group that has lost its primary is asked every second, which makes passes of which nothing follows. */
    private static final int PASSES_TO_REST = 300;

    /** Longer than any grace time or backoff, after which nothing would happen any more. */
    private static final Duration SILENCE = Duration.ofMinutes(4);

    private final World world;
    private final Faults faults;

    private Simulation(long seed, Engine engine, Trace trace, Met met) {
        world = new World(seed, engine, trace, met);
        faults = new Faults(world);
    }

    /** Runs one seed. What went wrong, with the story; empty if nothing did. */
    static Optional<String> run(long seed, Engine engine, Met met) {
        return violation(seed, engine, new Trace(false), met).map(violation -> {
            Trace story = new Trace(true);
            String same = violation(seed, engine, story, met)
                    .filter(violation::equals)
                    .map(_ -> "")
                    .orElse("\nthe replay went otherwise!");
            return "seed " + seed + ": " + violation + same + "\nreplay with -Dverify.seed=" + seed + "\n  " + story;
        });
    }

    private static Optional<String> violation(long seed, Engine engine, Trace trace, Met met) {
        try {
            new Simulation(seed, engine, trace, met).run();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(String.valueOf(violation.getMessage()));
        }
    }

    private void run() {
        for (int step = 0; step < STEPS; step++) {
            faults.strike();
            faults.rest();
            runDue();
        }
        world.rosters.forEach(SimulatedRoster::pass); // what people ordered until now is judged before
        Healing healing = new Healing(world);
        healing.heal();
        comeToRest();
        healing.check();
    }

    /** Passes of those who are due, or were nudged; a lost nudge is one that did not come. */
    private void runDue() {
        for (SimulatedRoster roster : world.rosters) {
            boolean due = !roster.due().isAfter(world.clock.instant());
            if (due || (!roster.isAway() && world.chance(2))) {
                roster.pass();
            }
        }
    }

    /** The person who has to decide is there, and finds that it is as it should be. */
    private void acceptCoordinator(SimulatedRoster roster) {
        if (world.coordinator.look().doubt().isPresent()) {
            roster.hear(new Order.AcceptCoordinator("operator"));
        }
    }

    private void comeToRest() {
        Instant silentSince = world.clock.instant();
        PassResult last = world.rosters.getFirst().pass();
        Map<SimulatedRoster, Instant> lastPass = new HashMap<>();
        int busy = 0;
        while (busy < PASSES_TO_REST * world.rosters.size()) {
            SimulatedRoster next = world.rosters.stream()
                    .min(Comparator.comparing(SimulatedRoster::due))
                    .orElseThrow();
            world.clock.advanceTo(next.due());
            Instant now = world.clock.instant();
            int before = next.changes();
            acceptCoordinator(next);
            last = next.pass();
            boolean changed = next.changes() > before || last.trouble().isPresent();
            if (changed) {
                silentSince = now;
            } else if (silentSince.plus(SILENCE).isBefore(now)) {
                last.plan().verdicts().forEach(verdict -> world.trace.add(verdict::toString));
                return;
            }
            // Looking each second at a group that has lost its primary is rest, too.
            boolean atOnce = now.equals(lastPass.put(next, now));
            busy += changed || atOnce ? 1 : 0;
        }
        throw new Violation("does not come to rest within " + PASSES_TO_REST + " passes: " + last.sentence());
    }
}
