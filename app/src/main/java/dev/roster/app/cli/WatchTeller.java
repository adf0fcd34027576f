package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.NodesView;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Tells people what changes: a line for each change, and on a terminal below them how things are. */
final class WatchTeller implements EventTeller {

    private final Board board;
    private final ServiceClient client;
    private final InstantSource clock;
    private final Changes changes = new Changes();
    private boolean begun;
    private boolean lost;

    WatchTeller(Board board, ServiceClient client, InstantSource clock) {
        this.board = board;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public void connected() {
        if (lost) {
            lost = false;
            now("Roster answers again");
        }
    }

    @Override
    public void event(EventLines.Event event) throws CommandFailed {
        switch (event.name()) {
            case "status" -> status(client.read(event.data(), StatusView.class));
            case "workers" ->
                changes.workers(client.read(event.data(), WorkersView.class)).forEach(this::now);
            case "nodes" ->
                changes.nodes(client.read(event.data(), NodesView.class)).forEach(this::now);
            case "journal" ->
                changes.journal(client.read(event.data(), JournalView.class)).forEach(entry -> board.line(line(entry)));
            default -> {} // the plan is what status, workers and nodes tell already
        }
    }

    @Override
    public void lost(String sentence) {
        if (!lost) {
            lost = true;
            now(sentence + "; trying again");
        }
        board.footer(List.of());
    }

    @Override
    public boolean isAbandoned() {
        return board.isAbandoned();
    }

    @Override
    public void close() {
        board.close();
    }

    /** A journal entry in one line. */
    static String line(JournalView.Entry entry) {
        return entry.at().truncatedTo(ChronoUnit.SECONDS) + "  " + entry.actor() + "  " + entry.action()
                + (entry.outcome().equals("done") ? "" : " " + entry.outcome()) + "  " + entry.sentence();
    }

    private void status(StatusView status) {
        if (!begun) {
            begun = true;
            now(status.lastPass().map(StatusView.LastPass::sentence).orElse("The first pass has not ended yet"));
        }
        changes.status(status).forEach(this::now);
        List<String> below = new ArrayList<>();
        status.lastPass().ifPresent(pass -> below.add(pass.sentence()));
        status.moves().filter(moves -> moves.moves().total() > 0).ifPresent(moves -> {
            below.add(moves.kind().orElse("job") + "  " + MoveReport.bar(moves) + " " + MoveReport.count(moves));
            MoveReport.bytes(moves).ifPresent(below::add);
        });
        board.footer(below);
    }

    private void now(String line) {
        board.line(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
    }
}
