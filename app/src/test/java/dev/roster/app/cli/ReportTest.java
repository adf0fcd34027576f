package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.api.NodesView;
import dev.roster.app.api.SituationView;
import dev.roster.app.api.WorkersView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final String ADDRESS = "worker-1:5432";

    @Test
    void aWorkerThatJoinedBetweenTheTwoAnswersIsToldOnceAsMember() {
        assertThat(members(worker(OptionalInt.empty(), "joining"), List.of(node(4))))
                .containsExactly("worker-1  group 4  member  is a member");
    }

    @Test
    void aWorkerWhoseRowWentBetweenTheTwoAnswersIsToldOnce() {
        assertThat(members(worker(OptionalInt.of(4), "member"), List.of()))
                .containsExactly("worker-1  -     member  as its source sees it");
    }

    @Test
    void aWorkerUnderAnotherNameOfItsNodeIsToldByTheNode() {
        assertThat(members(worker(OptionalInt.of(4), "alias"), List.of(node(4))))
                .hasSize(1);
    }

    private static List<String> members(WorkersView.Worker worker, List<NodesView.Node> nodes) {
        StringWriter text = new StringWriter();
        try (PrintWriter out = new PrintWriter(text)) {
            new Report(out).members(new WorkersView(List.of(worker), List.of()), new NodesView(nodes));
        }
        return text.toString().lines().skip(2).toList();
    }

    private static WorkersView.Worker worker(OptionalInt node, String situation) {
        return new WorkersView.Worker(
                "worker-1",
                ADDRESS,
                "ready",
                "",
                OptionalInt.empty(),
                "docker",
                "project",
                node,
                List.of(),
                situation(situation),
                "as its source sees it");
    }

    private static NodesView.Node node(int id) {
        return new NodesView.Node(
                id,
                4,
                "worker-1",
                ADDRESS,
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
                situation("member"),
                "is a member");
    }

    private static Optional<SituationView> situation(String name) {
        return Optional.of(new SituationView(name, "17", "calm"));
    }
}
