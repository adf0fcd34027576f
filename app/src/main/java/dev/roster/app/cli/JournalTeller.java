package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.time.InstantSource;
import java.util.Optional;

/** Tells people new journal entries, each in a line. */
final class JournalTeller extends BoardTeller {

    private final ServiceClient client;
    private final Optional<String> node;
    private final Changes changes = new Changes();

    /**
     * @param known the newest entry that is told already
     * @param node only entries about this address or its host, ignoring case
     */
    JournalTeller(Board board, ServiceClient client, long known, Optional<String> node, InstantSource clock) {
        super(board, clock);
        this.client = client;
        this.node = node;
        changes.journalIsKnownUntil(known);
    }

    @Override
    public void event(EventLines.Event event) throws CommandFailed {
        if (event.name().equals("journal")) {
            changes.journal(client.read(event.data(), JournalView.class)).stream()
                    .filter(this::isWanted)
                    .forEach(this::tell);
        }
    }

    private boolean isWanted(JournalView.Entry entry) {
        return node.isEmpty()
                || entry.node()
                        .filter(address -> address.equalsIgnoreCase(node.get())
                                || address.replaceFirst(":\\d+$", "").equalsIgnoreCase(node.get()))
                        .isPresent();
    }
}
