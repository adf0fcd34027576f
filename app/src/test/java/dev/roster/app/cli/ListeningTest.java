package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListeningTest {

    private final CommandFailed nobody = new CommandFailed(ExitCodes.UNREACHABLE, "No Roster answers", null);

    private final Deque<Object> streams = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<Optional<String>> asked = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void aCutStreamGoesOnAfterTheLastEventAndIsSaidOnce() throws Exception {
        streams.add(new Events("a-1", "a-2"));
        streams.add(nobody);
        streams.add(nobody);
        streams.add(new Events("last"));

        listen();

        assertThat(asked).containsExactly(Optional.empty(), Optional.of("a-2"), Optional.of("a-2"), Optional.of("a-2"));
        assertThat(told)
                .containsExactly(
                        "connected",
                        "a-1",
                        "a-2",
                        "The stream has ended",
                        "No Roster answers",
                        "No Roster answers",
                        "connected",
                        "last");
    }

    @Test
    void theWaitsGrowAndBeginAnewOnceItIsConnected() throws Exception {
        streams.add(new Events("a-1"));
        for (int tries = 0; tries < 8; tries++) {
            streams.add(nobody);
        }
        streams.add(new Events("a-2"));
        streams.add(new Events("last"));

        listen();

        assertThat(pauses).hasSize(10).allMatch(pause -> pause.compareTo(Duration.ofSeconds(10)) <= 0);
        assertThat(pauses.get(7)).isGreaterThan(pauses.get(0).multipliedBy(10));
        assertThat(pauses.get(9)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aServiceThatIsNotThereAtFirstIsAnError() {
        streams.add(nobody);

        assertThatThrownBy(this::listen).isSameAs(nobody);
        assertThat(pauses).isEmpty();
    }

    @Test
    void aRefusalIsAnErrorLaterToo() {
        CommandFailed refused = new CommandFailed(ExitCodes.NOT_DONE, "The token is wrong", null);
        streams.add(new Events("a-1"));
        streams.add(refused);

        assertThatThrownBy(this::listen).isSameAs(refused);
    }

    private void listen() throws Exception {
        new Listening(
                        last -> {
                            asked.add(last);
                            Object next = streams.removeFirst();
                            if (next instanceof CommandFailed failed) {
                                throw failed;
                            }
                            return (Events) next;
                        },
                        new Telling(),
                        pauses::add,
                        new Random(1))
                .run();
    }

    /** Events with these ids, then the end. */
    private static final class Events implements Listening.Events {

        private final Deque<String> ids;

        Events(String... ids) {
            this.ids = new ArrayDeque<>(List.of(ids));
        }

        @Override
        public Optional<EventLines.Event> next() {
            return Optional.ofNullable(ids.poll()).map(id -> new EventLines.Event(id, "status", "{}"));
        }

        @Override
        public void close() {}
    }

    /** Is abandoned with the last event. */
    private final class Telling implements EventTeller {

        @Override
        public void connected() {
            told.add("connected");
        }

        @Override
        public void event(EventLines.Event event) {
            told.add(event.id());
        }

        @Override
        public void lost(String sentence) {
            told.add(sentence);
        }

        @Override
        public boolean isAbandoned() {
            return told.getLast().equals("last");
        }

        @Override
        public void close() {}
    }
}
