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
    void breaksAWordWithHyphensAfterOneOfThem() {
        assertThat(Table.broken("set-coordinator-address", 14)).containsExactly("set-", "coordinator-", "address");
        assertThat(Table.broken("set-coordinator-address", 16)).containsExactly("set-coordinator-", "address");
    }

    @Test
    void countsTheColumnsThatCharactersTake() {
        assertThat(Table.broken("😀😀😀", 5)).containsExactly("😀😀", "😀");
        assertThat(Table.broken("語語語", 2)).containsExactly("語", "語", "語");
        assertThat(Table.broken("語", 1)).containsExactly("語");
        assertThat(Table.width("e\u0301a\u0308")).isEqualTo(2);
    }

    @Test
    void wideCharactersKeepTheColumnsInLine() {
        String text = new Table("NAME", "WHY")
                .row("作業員", "is a member")
                .row("worker", "is a member")
                .toString();

        assertThat(text.lines()
                        .map(line ->
                                Table.width(line.substring(0, Math.max(line.indexOf("is a"), line.indexOf("WHY"))))))
                .containsExactly(8, 8, 8);
    }

    @Test
    void aThousandRowsOfLongNamesFit() {
        Table table = new Table("NAME", "NODE", "STATE", "WHY");
        for (int row = 0; row < 1_000; row++) {
            table.row(
                    "作業員-" + "n".repeat(row % 60) + row,
                    "group " + row,
                    "absent-unproven",
                    "語".repeat(row % 50) + " and");
        }

        assertThat(table.toString().lines())
                .hasSizeGreaterThan(1_000)
                .allMatch(line -> Table.width(line) <= Table.WIDTH);
    }

    @Test
    void fitsManyWideColumns() {
        String wide = "c".repeat(40);
        Table table = new Table("A", "B", "C", "D").row(wide, wide, wide, "the reason why this is so");

        assertThat(table.toString().lines()).allMatch(line -> line.length() <= Table.WIDTH);
    }
}
