package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.NodesView;
import dev.roster.app.api.SituationView;
import dev.roster.app.api.WorkersView;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private final Changes changes = new Changes();

    @Test
    void ofWhatIsShownFirstOnlyWhatIsNotAsItShouldBeIsTold() {
        assertThat(changes.workers(workers(worker("worker-1", "member", "calm"), worker("worker-2", "unfit", "alarm"))))
                .containsExactly("worker-2: unfit: so it is");
    }

    @Test
    void anotherStateIsToldAndTheSameOneIsNot() {
        changes.workers(workers(worker("worker-1", "joining", "changing")));

        assertThat(changes.workers(workers(worker("worker-1", "joining", "changing"))))
                .isEmpty();
        assertThat(changes.workers(workers(worker("worker-1", "member", "calm"))))
                .containsExactly("worker-1: member: so it is");
    }

    @Test
    void aNewWorkerAndOneThatIsGoneAreTold() {
        changes.workers(workers(worker("worker-1", "member", "calm")));

        assertThat(changes.workers(workers(worker("worker-2", "joining", "changing"))))
                .containsExactly("worker-2: joining: so it is", "worker-1: member before, no longer sighted");
    }

    @Test
    void aNodeIsToldByItsWorkerWhileOneIsSighted() {
        changes.workers(workers(worker("worker-1", "member", "calm")));
        changes.nodes(nodes("worker-1", "member", "calm"));

        assertThat(changes.nodes(nodes("worker-1", "absent", "waiting"))).isEmpty();

        changes.workers(workers());

        assertThat(changes.nodes(nodes("worker-1", "absent", "waiting"))).containsExactly("worker-1: absent: so it is");
    }

    @Test
    void newJournalEntriesAreToldOldestFirstAndOnce() {
        changes.journal(journal(2, 1));

        assertThat(changes.journal(journal(4, 3)))
                .extracting(JournalView.Entry::id)
                .containsExactly(3L, 4L);
        assertThat(changes.journal(journal(5, 4, 3, 2)))
                .extracting(JournalView.Entry::id)
                .containsExactly(5L);
        assertThat(changes.journal(journal())).isEmpty();
        assertThat(changes.journal(journal(5, 4))).isEmpty();
    }

    @Test
    void aJournalThatBeganAnewIsToldFromItsBeginning() {
        changes.journal(journal(200, 199));

        assertThat(changes.journal(journal(2, 1)))
                .extracting(JournalView.Entry::id)
                .containsExactly(1L, 2L);
    }

    private static WorkersView workers(WorkersView.Worker... workers) {
        return new WorkersView(List.of(workers), List.of());
    }

    private static WorkersView.Worker worker(String name, String state, String weight) {
        return new WorkersView.Worker(
                name,
                name + ":5432",
                "ready",
                "",
                OptionalInt.empty(),
                "docker",
                "project",
                OptionalInt.empty(),
                List.of(),
                Optional.of(new SituationView(state, "1", weight)),
                "so it is");
    }

    private static NodesView nodes(String name, String state, String weight) {
        return new NodesView(List.of(new NodesView.Node(
                4,
                4,
                name,
                name + ":5432",
                "primary",
                "default",
                true,
                true,
                true,
                true,
                new NodesView.Placements(0, 0, 0, 0),
                Optional.empty(),
                true,
                List.of(),
                Optional.of(new SituationView(state, "1", weight)),
                "so it is")));
    }

    private static JournalView journal(long... newestFirst) {
        return new JournalView(java.util.Arrays.stream(newestFirst)
                .mapToObj(id -> new JournalView.Entry(
                        id, Given.SINCE, "roster", "add", Optional.of(Given.NODE), "done", "added"))
                .toList());
    }
}
