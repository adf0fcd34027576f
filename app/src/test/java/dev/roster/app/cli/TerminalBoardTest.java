package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.Test;

/** What stands on a screen of {@value #COLUMNS} columns, as a terminal shows it that understands what is sent. */
class TerminalBoardTest {

    private static final int COLUMNS = 40;
    private static final int ROWS = 10;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @Test
    void linesStayAndTheFooterStaysBelowThem() throws Exception {
        try (Board board = board()) {
            board.footer(List.of("1 of 2", "half"));
            board.line("first");
            board.footer(List.of("2 of 2"));
            board.line("second");

            assertThat(screen()).containsExactly("first", "second", "2 of 2");
        }
        assertThat(screen()).containsExactly("first", "second");
    }

    @Test
    void aFooterWiderThanTheScreenIsCutSoThatItCanBeDrawnAnew() throws Exception {
        try (Board board = board()) {
            board.footer(List.of("x".repeat(COLUMNS + 20), "語".repeat(COLUMNS)));
            board.footer(List.of("short"));

            assertThat(screen()).containsExactly("short");
        }
    }

    @Test
    void aLineWiderThanTheScreenIsWhole() throws Exception {
        try (Board board = board()) {
            board.footer(List.of("below"));
            board.line("y".repeat(COLUMNS + 5));

            assertThat(screen()).containsExactly("y".repeat(COLUMNS), "y".repeat(5), "below");
        }
    }

    @Test
    void closedTwiceItIsClosedOnce() throws Exception {
        Board board = board();
        board.footer(List.of("below"));

        board.close();
        board.close();
        board.line("too late");

        assertThat(screen()).isEmpty();
    }

    @SuppressWarnings("deprecation") // the form that both JLine 3 and 4 have
    private Board board() throws IOException {
        Terminal terminal = TerminalBuilder.builder()
                .system(false)
                .streams(new ByteArrayInputStream(new byte[0]), sent)
                .type("xterm")
                .encoding(StandardCharsets.UTF_8)
                .size(new Size(COLUMNS, ROWS))
                .build();
        return new TerminalBoard(terminal);
    }

    private List<String> screen() throws Exception {
        ScreenTerminal screen = new ScreenTerminal(COLUMNS, ROWS);
        screen.write(sent.toString(StandardCharsets.UTF_8));
        return screen.toString()
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
