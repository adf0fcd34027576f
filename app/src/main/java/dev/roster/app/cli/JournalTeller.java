package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Tells people new journal entries, each in a line. */
final class JournalTeller implements EventTeller {

    private final Board board;
    private final ServiceClient client;
    private final Optional<String> node;
    private final InstantSource clock;
    private final Changes changes = new Changes();
    private boolean lost;

    /**
     * @param known the newest entry that is told already
     * @param node only entries about this address or its host, ignoring case
     */
    JournalTeller(Board board, ServiceClient client, long known, Optional<String> node, InstantSource clock) {
        this.board = board;
        this.client = client;
        this.node = node;
        this.clock = clock;
        changes.journalIsKnownUntil(known);
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
        if (event.name().equals("journal")) {
            changes.journal(client.read(event.data(), JournalView.class)).stream()
                    .filter(this::isWanted)
                    .forEach(entry -> board.line(WatchTeller.line(entry)));
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

    private boolean isWanted(JournalView.Entry entry) {
        return node.isEmpty()
                || entry.node()
                        .filter(address -> address.equalsIgnoreCase(node.get())
                                || address.replaceFirst(":\\d+$", "").equalsIgnoreCase(node.get()))
                        .isPresent();
    }

    private void now(String line) {
        board.line(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
    }
}
