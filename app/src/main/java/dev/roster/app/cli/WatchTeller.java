package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.NodesView;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Tells people what changes: a line for each change, and on a terminal below them how things are. */
final class WatchTeller extends BoardTeller {

    private final ServiceClient client;
    private final Changes changes = new Changes();
    private boolean begun;

    WatchTeller(Board board, ServiceClient client, InstantSource clock) {
        super(board, clock);
        this.client = client;
    }

    @Override
    public void event(EventLines.Event event) throws CommandFailed {
        switch (event.name()) {
            case "status" -> status(client.read(event.data(), StatusView.class));
            case "workers" ->
                changes.workers(client.read(event.data(), WorkersView.class)).forEach(this::tell);
            case "nodes" ->
                changes.nodes(client.read(event.data(), NodesView.class)).forEach(this::tell);
            case "journal" ->
                changes.journal(client.read(event.data(), JournalView.class)).forEach(this::tell);
            default -> {} // the plan is what status, workers and nodes tell already
        }
    }

    private void status(StatusView status) {
        if (!begun) {
            begun = true;
            tell(status.lastPass().map(StatusView.LastPass::sentence).orElse("The first pass has not ended yet"));
        }
        changes.status(status).forEach(this::tell);
        List<String> below = new ArrayList<>();
        status.lastPass().ifPresent(pass -> below.add(pass.sentence()));
        status.moves().filter(moves -> moves.moves().total() > 0).ifPresent(moves -> {
            below.add(moves.kind().orElse("job") + "  " + MoveReport.bar(moves) + " " + MoveReport.count(moves));
            MoveReport.bytes(moves).ifPresent(below::add);
        });
        footer(below);
    }
}
