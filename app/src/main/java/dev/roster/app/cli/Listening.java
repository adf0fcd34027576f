package dev.roster.app.cli;

import dev.roster.reconcile.ExponentialDelay;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Listens to the service's stream until the process is ended; connects again, as often as needed, where it was cut. */
final class Listening {

    private static final ExponentialDelay DELAY = new ExponentialDelay(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final Streams streams;
    private final EventTeller teller;
    private final Pause pause;
    private final RandomGenerator random;

    /** Opens streams. */
    @FunctionalInterface
    interface Streams {

        /** One that goes on after this event; from the beginning if there is none. */
        Events open(Optional<String> lastEventId) throws CommandFailed, InterruptedException;
    }

    /** An open stream. */
    interface Events extends AutoCloseable {

        /** As {@link EventStream#next}. */
        Optional<EventLines.Event> next() throws InterruptedException;

        @Override
        void close();
    }

    /** Waits. */
    @FunctionalInterface
    interface Pause {

        /** Waits so long. */
        void of(Duration time) throws InterruptedException;
    }

    Listening(Streams streams, EventTeller teller, Pause pause, RandomGenerator random) {
        this.streams = streams;
        this.teller = teller;
        this.pause = pause;
        this.random = random;
    }

    /** Listens while somebody reads what is told. A service that does not answer at first is an error, later it is waited for. */
    void run() throws CommandFailed, InterruptedException {
        Optional<String> last = Optional.empty();
        int failures = 0;
        while (true) {
            String why = "The stream has ended";
            try (Events events = streams.open(last)) {
                teller.connected();
                failures = 0;
                for (Optional<EventLines.Event> next = events.next(); next.isPresent(); next = events.next()) {
                    teller.event(next.get());
                    last = Optional.of(next.get().id());
                    if (teller.isAbandoned()) {
                        return;
                    }
                }
            } catch (CommandFailed e) {
                if (last.isEmpty() || e.exitCode() != ExitCodes.UNREACHABLE) {
                    throw e;
                }
                why = String.valueOf(e.getMessage());
            }
            failures++;
            Duration delay = DELAY.after(failures, random);
            teller.lost(why);
            pause.of(delay);
        }
    }
}
