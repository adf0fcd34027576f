package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void breaksTheLastColumnAtBlanksAndFitsTheTerminal() {
        Table table = new Table("NAME", "NODE", "WHY")
                .row("worker-1", "group 1", "word ".repeat(40))
                .row("w".repeat(253), "-", "x".repeat(300));

        assertThat(table.toString().lines()).allMatch(line -> line.length() <= Table.WIDTH);
        assertThat(table.toString().replaceAll("\\s", "")).contains("word".repeat(40));
    }

    @Test
    void keepsEveryCharacterOfALongName() {
        assertThat(Table.broken("n".repeat(60), 26)).containsExactly("n".repeat(26), "n".repeat(26), "n".repeat(8));
    }

    @Test
    void countsCharactersAndNotTheirHalves() {
        assertThat(Table.broken("😀😀😀", 2)).containsExactly("😀😀", "😀");
    }

    @Test
    void fitsManyWideColumns() {
        String wide = "c".repeat(40);
        Table table = new Table("A", "B", "C", "D").row(wide, wide, wide, "the reason why this is so");

        assertThat(table.toString().lines()).allMatch(line -> line.length() <= Table.WIDTH);
    }
}
