package dev.roster.demo;

import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.HostPort;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The scene without a person: what one would try, and what has to come of it. */
final class Script {

    /** Generous: what is expected comes within seconds, but a busy machine may be slow to start a server. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Stage stage;
    private final Rows rows;
    private final RosterEngine engine;
    private final Reports reports;
    private final PrintStream out;

    Script(Stage stage, RosterEngine engine, Reports reports, PrintStream out) {
        this.stage = stage;
        this.rows = new Rows(stage.cluster().coordinator());
        this.engine = engine;
        this.reports = reports;
        this.out = out;
    }

    /**
     * Plays the scene.
     *
     * @return whether everything went as told
     */
    boolean play() throws InterruptedException {
        int workers = stage.workers().size();
        return told("All " + workers + " workers join by themselves", () -> {}, now -> allActive(now, workers))
                && told(
                        "Worker 1 stops: its row stays, since its data does",
                        () -> stage.stop(1),
                        now -> allActive(now, workers))
                && told("Worker 1 starts again: nothing to do", () -> stage.start(1), now -> allActive(now, workers))
                && told("One more worker joins", stage::add, now -> allActive(now, workers + 1))
                && anEmptyServerTakesThePlaceOf(workers + 1)
                && told(
                        "It goes for good and held nothing: its row goes too",
                        () -> stage.remove(workers + 1),
                        now -> allActive(now, workers));
    }

    private boolean anEmptyServerTakesThePlaceOf(int number) throws InterruptedException {
        HostPort address = stage.addressOf(number);
        OptionalInt before = rows.at(address);
        return told(
                "Its data is thrown away, and it held nothing: the new server takes its place",
                () -> stage.wipe(number),
                now -> allActive(now, number) && !rows.at(address).equals(before));
    }

    private static boolean allActive(Map<HostPort, Rows.Row> now, int workers) {
        return now.size() == workers && now.values().stream().allMatch(Rows.Row::isActive);
    }

    /** Whether a whole pass has begun after this, so that what is there is its answer and not what was there before. */
    private boolean hasLookedSince(Instant change) {
        return engine.latest().filter(pass -> pass.startedAt().isAfter(change)).isPresent();
    }

    private boolean told(String title, Runnable happening, Predicate<Map<HostPort, Rows.Row>> expected)
            throws InterruptedException {
        out.println();
        out.println("## " + title);
        happening.run();
        Instant changed = stage.sighting().at();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!(hasLookedSince(changed) && expected.test(rows.read()))) {
            if (System.nanoTime() - deadline > 0) {
                out.println("This did not happen within " + PATIENCE.toSeconds() + " s. The rows are " + rows.read());
                reports.print("status");
                return false;
            }
            never.await(100, TimeUnit.MILLISECONDS);
        }
        reports.print("status");
        return true;
    }
}
