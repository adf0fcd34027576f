package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColourTest {

    @ParameterizedTest
    @CsvSource({
        "AUTO,   true,  '',  xterm, true",
        "AUTO,   false, '',  xterm, false",
        "AUTO,   true,  1,   xterm, false",
        "AUTO,   true,  '',  dumb,  false",
        "ALWAYS, false, 1,   dumb,  true",
        "NEVER,  true,  '',  xterm, false"
    })
    void colourIsForTerminalsThatWantIt(Colour colour, boolean terminal, String noColour, String type, boolean on) {
        assertThat(colour.isOn(terminal, Map.of("NO_COLOR", noColour, "TERM", type)))
                .isEqualTo(on);
    }

    @Test
    void aColouredTableTakesAsManyColumns() {
        Table table =
                new Table("STATE", "WHY").row("stranded", "word ".repeat(40)).tone(0, Tone.ALARM);

        assertThat(table.text(true)).contains("\u001b[31m\u001b[1mstranded");
        assertThat(table.text(true).replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(table.toString());
    }
}
