package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Tells people, in lines with the time before them, what a stream brings; its loss and its return once each. */
abstract sealed class BoardTeller implements EventTeller permits JournalTeller, WatchTeller {

    private final Board board;
    private final InstantSource clock;
    private boolean lost;

    BoardTeller(Board board, InstantSource clock) {
        this.board = board;
        this.clock = clock;
    }

    @Override
    public final void connected() {
        if (lost) {
            lost = false;
            tell("Roster answers again");
        }
    }

    @Override
    public final void lost(String sentence) {
        if (!lost) {
            lost = true;
            tell(sentence + "; trying again");
        }
        board.footer(List.of());
    }

    @Override
    public final boolean isAbandoned() {
        return board.isAbandoned();
    }

    @Override
    public final void close() {
        board.close();
    }

    /** Something that is so now. */
    final void tell(String line) {
        board.line(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
    }

    /** A journal entry, with its own time. */
    final void tell(JournalView.Entry entry) {
        board.line(entry.at().truncatedTo(ChronoUnit.SECONDS) + "  " + entry.actor() + "  " + entry.action()
                + (entry.outcome().equals("done") ? "" : " " + entry.outcome()) + "  " + entry.sentence());
    }

    /** What stands below all lines from now on. */
    final void footer(List<String> lines) {
        board.footer(lines);
    }
}
