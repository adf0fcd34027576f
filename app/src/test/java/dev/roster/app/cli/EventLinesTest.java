package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLinesTest {

    @Test
    void anEmptyLineCompletesAnEventAndItsIdIsKept() {
        assertThat(events("id: a-1", "event: status", "data: {\"x\":1}", "", "event:plan", "data:{}", ""))
                .containsExactly(
                        new EventLines.Event("a-1", "status", "{\"x\":1}"), new EventLines.Event("a-1", "plan", "{}"));
    }

    @Test
    void dataOfSeveralLinesIsOne() {
        assertThat(events("data: {", "data: }", "")).containsExactly(new EventLines.Event("", "", "{\n}"));
    }

    @Test
    void commentsUnknownFieldsAndWhatHasNoDataAreNoEvents() {
        assertThat(events(": still here", "", "retry: 10", "", "event: status", "", "data"))
                .isEmpty();
    }

    private static List<EventLines.Event> events(String... lines) {
        EventLines events = new EventLines();
        return List.of(lines).stream()
                .map(events::take)
                .flatMap(Optional::stream)
                .toList();
    }
}
