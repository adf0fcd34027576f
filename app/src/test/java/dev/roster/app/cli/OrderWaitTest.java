package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.OrderView;
import dev.roster.app.api.OrdersView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderWaitTest {

    private final CommandFailed nobody =
            new CommandFailed(ExitCodes.UNREACHABLE, "No Roster answers at http://127.0.0.1:8080", null);

    private final Deque<Object> answers = new ArrayDeque<>();
    private final StringWriter text = new StringWriter();
    private JournalView journal = Given.journal();
    private Duration elapsed = Duration.ZERO;

    @Test
    void aDrainIsToldAtEachChangeAndEndsWithTheNodeKeptOut() throws Exception {
        shows(Given.orders(Given.standing("drain", "running", Optional.of("0 of 4 moves done; 1 kB of 9 kB"))));
        shows(Given.orders(Given.standing("drain", "running", Optional.of("0 of 4 moves done; 2 kB of 9 kB"))));
        shows(Given.orders(Given.standing("drain", "running", Optional.of("Stuck: a lock"))));
        shows(Given.orders(Given.standing("drain", "done", Optional.of("Kept out"))));

        assertThat(run(Optional.empty())).isZero();
        assertThat(lines())
                .containsExactly(
                        "2026-01-31T12:00:00Z  0 of 4 moves done; 1 kB of 9 kB",
                        "2026-01-31T12:00:00Z  Stuck: a lock",
                        "Kept out");
    }

    @Test
    void anOrderThatFailsIsNotDone() throws Exception {
        shows(Given.orders(Given.standing("drain", "failed", Optional.of("was given up: no space left"))));

        assertThat(run(Optional.empty())).isEqualTo(ExitCodes.NOT_DONE);
        assertThat(lines()).containsExactly("was given up: no space left");
    }

    @Test
    void theServicesRestartIsSurvived() throws Exception {
        shows(Given.orders(Given.standing("drain", "running", Optional.of("goes on"))));
        answers.add(nobody);
        answers.add(nobody);
        shows(new OrdersView(List.of(), Optional.empty(), Optional.empty()));
        shows(Given.orders(Given.standing("drain", "running", Optional.of("goes on"))));
        shows(Given.orders());
        journal = Given.journal(Given.entry("remove", "done"));

        assertThat(run(Optional.empty())).isZero();
        assertThat(lines())
                .containsExactly(
                        "2026-01-31T12:00:00Z  goes on",
                        "2026-01-31T12:00:00Z  No Roster answers at http://127.0.0.1:8080; trying again",
                        "2026-01-31T12:00:00Z  Roster does not see the coordinator just now; 'roster status' tells why",
                        "2026-01-31T12:00:00Z  goes on",
                        "The remove is done");
    }

    @Test
    void aServiceThatStaysAwayIsUnreachableAndTheOrderStands() {
        answers.add(nobody);

        assertThatThrownBy(() -> run(Optional.empty()))
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCodes.UNREACHABLE))
                .hasMessageContainingAll("No Roster answers", "roster cancel worker-1:5432");
        assertThat(elapsed).isEqualTo(OrderWait.PATIENCE);
    }

    @Test
    void whenTheTimeIsUpTheOrderStands() throws Exception {
        shows(Given.orders(Given.standing("drain", "ordered", Optional.of("waits"))));

        assertThat(run(Optional.of(Duration.ofMillis(2500)))).isEqualTo(ExitCodes.NOT_DONE);
        assertThat(elapsed).isEqualTo(Duration.ofMillis(2500));
        assertThat(text.toString().replaceAll("\\s+", " ").strip())
                .endsWith("The time is up. The order to drain worker-1:5432 stands; 'roster orders' shows how far it"
                        + " is, 'roster cancel worker-1:5432' takes it back");
    }

    @Test
    void whatTheServiceRefusesIsNotTriedAgain() {
        answers.add(new CommandFailed(ExitCodes.NOT_DONE, "A token is needed", null));

        assertThatThrownBy(() -> run(Optional.empty())).hasMessage("A token is needed");
        assertThat(elapsed).isZero();
    }

    private void shows(OrdersView view) {
        answers.add(view);
    }

    private List<String> lines() {
        return text.toString().lines().toList();
    }

    private int run(Optional<Duration> limit) throws Exception {
        try (OrderTeller teller =
                new OrderTeller.ForPeople(new PlainBoard(new PrintWriter(text)), InstantSource.fixed(Given.SINCE))) {
            return new OrderWait(new Answering(), Given.DRAIN, teller, limit, new Turning()).run();
        }
    }

    /** Gives one answer after the other, the last one again and again. */
    private final class Answering implements OrderWait.Service {

        @Override
        public OrdersView orders() throws CommandFailed {
            Object answer = answers.size() > 1 ? answers.removeFirst() : answers.getFirst();
            if (answer instanceof CommandFailed failed) {
                throw failed;
            }
            return (OrdersView) answer;
        }

        @Override
        public JournalView journal(OrderView.Given order, String node) {
            return journal;
        }
    }

    /** Turns the time instead of waiting. */
    private final class Turning implements OrderWait.Pace {

        @Override
        public Duration elapsed() {
            return elapsed;
        }

        @Override
        public void pause(Duration time) {
            elapsed = elapsed.plus(time);
        }
    }
}
