package dev.roster.app.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * Where a command that goes on tells what is new: lines that stay, and on a terminal a few below them that are drawn anew.
 * Thread-safe, so that a shutdown hook may close it.
 */
interface Board extends AutoCloseable {

    /** A line that stays. */
    void line(String text);

    /** Whether {@link #footer} is seen. */
    boolean isLive();

    /** What stands below all lines from now on, in place of what stood there. Shown on a terminal only. */
    void footer(List<String> lines);

    /** Whether nobody reads any more, as when the reader of a pipe has ended. */
    boolean isAbandoned();

    /** Takes the footer away. May be called twice. */
    @Override
    void close();

    /** The one for where the process runs: a terminal only if both its input and its output are one. */
    static Board of(PrintWriter out) {
        return isTerminal()
                ? TerminalBoard.open().<Board>map(board -> board).orElseGet(() -> new PlainBoard(out))
                : new PlainBoard(out);
    }

    /** Whether a person looks. */
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
