package dev.roster.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** A board on a terminal. JLine knows its size and draws what differs (ADR 24). */
final class TerminalBoard implements Board {

    /** JLine's property for whether it sends questions to the terminal. */
    private static final String ASKS_TERMINAL = "org.jline.terminal.graphemeCluster";

    private final Terminal terminal;
    private final Display display;
    private List<String> below = List.of();
    private boolean closed;

    TerminalBoard(Terminal terminal) {
        this.terminal = terminal;
        this.display = new Display(terminal, false);
    }

    /** The terminal of this process; empty if it can only print, or is not to be had. */
    static Optional<TerminalBoard> open() {
        try {
            // Nothing is asked of the terminal, whose answers might end up in the shell: its size comes from stty.
            System.setProperty(ASKS_TERMINAL, "false");
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
                    .dumb(false)
                    .nativeSignals(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
            if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
                terminal.close();
                return Optional.empty();
            }
            return Optional.of(new TerminalBoard(terminal));
        } catch (IOException | IllegalStateException e) {
            return Optional.empty(); // lines are printed then
        }
    }

    @Override
    public synchronized void line(String text) {
        if (!closed) {
            erase();
            terminal.writer().println(text);
            draw();
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public synchronized void footer(List<String> lines) {
        if (!closed && !lines.equals(below)) {
            below = List.copyOf(lines);
            draw();
        }
    }

    @Override
    public boolean isAbandoned() {
        return false;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            erase();
            terminal.flush();
            terminal.close();
        } catch (IOException | IllegalStateException e) {
            // The process is ending, and JLine has closed it already.
        }
    }

    private void erase() {
        display.update(List.of(), 0);
    }

    @SuppressWarnings("deprecation") // the form that both JLine 3 and 4 have
    private void draw() {
        Size size = terminal.getSize();
        int columns = size.getColumns() > 0 ? size.getColumns() : Table.WIDTH;
        display.resize(Math.max(below.size() + 1, size.getRows()), columns);
        display.update(
                below.stream()
                        .map(AttributedString::fromAnsi)
                        .map(line -> line.columnSubSequence(0, columns - 1))
                        .toList(),
                -1);
        terminal.flush();
    }
}
