package dev.roster.demo;

import dev.roster.cluster.HostPort;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The scene without a person: what one would try, and what has to come of it. */
final class Script {

    /** Generous: what is expected comes within seconds, but a busy machine may be slow to start a server. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Stage stage;
    private final Rows rows;
    private final Service service;
    private final PrintStream out;

    Script(Stage stage, Rows rows, Service service, PrintStream out) {
        this.stage = stage;
        this.rows = rows;
        this.service = service;
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
                && told("Worker 1 stops: its row stays, since its data does", () -> stage.stop(1), now -> allActive(now, workers))
                && told("Worker 1 starts again: nothing to do", () -> stage.start(1), now -> allActive(now, workers))
                && told("One more worker joins", stage::add, now -> allActive(now, workers + 1))
                && anEmptyServerTakesThePlaceOf(workers + 1)
                && told("It goes for good and held nothing: its row goes too", () -> stage.remove(workers + 1), now -> allActive(now, workers));
    }

    private boolean anEmptyServerTakesThePlaceOf(int number) throws InterruptedException {
        HostPort address = stage.addressOf(number);
        int before = rows.read().get(address).id();
        return told(
                "Its data is thrown away, and it held nothing: the new server takes its place",
                () -> stage.wipe(number),
                now -> now.containsKey(address) && now.get(address).id() != before && now.get(address).isActive());
    }

    private static boolean allActive(Map<HostPort, Rows.Row> now, int workers) {
        return now.size() == workers && now.values().stream().allMatch(Rows.Row::isActive);
    }

    private boolean told(String title, Runnable happening, Predicate<Map<HostPort, Rows.Row>> expected)
            throws InterruptedException {
        out.println();
        out.println("## " + title);
        happening.run();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!(service.hasSeen(stage) && expected.test(rows.read()))) {
            if (System.nanoTime() - deadline > 0) {
                out.println("This did not happen within " + PATIENCE.toSeconds() + " s. The rows are " + rows.read());
                service.command("status");
                return false;
            }
            never.await(100, TimeUnit.MILLISECONDS);
        }
        service.command("status");
        return true;
    }
}
