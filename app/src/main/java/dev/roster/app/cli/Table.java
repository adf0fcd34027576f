package dev.roster.app.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jline.utils.WCWidth;

/**
 * A table of text that fits a terminal of {@value #WIDTH} columns. Each column is as wide as its widest cell, but the last one
 * gets what is left; a long cell breaks at blanks or after hyphens, and elsewhere only where it must.
 */
final class Table {

    static final int WIDTH = 80;

    private static final int GAP = 2;
    private static final int WIDEST = 26;
    private static final int NARROWEST_LAST = 24;

    private final List<List<String>> rows = new ArrayList<>();
    private final Map<Integer, Integer> widest = new HashMap<>();
    private final Map<Cell, Tone> tones = new HashMap<>();

    private record Cell(int row, int column) {}

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** Keeps a column narrower than others are at most. */
    Table atMost(int column, int width) {
        widest.put(column, width);
        return this;
    }

    /** Sets the tone of a cell of the row that was added last. */
    Table tone(int column, Tone tone) {
        tones.put(new Cell(rows.size() - 1, column), tone);
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        return text(false);
    }

    /**
     * The lines of the table.
     *
     * @param colour whether the tones are shown
     */
    String text(boolean colour) {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            append(row, widths, colour, text);
        }
        return text.toString();
    }

    private int[] widths() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        int left = WIDTH;
        for (int column = 0; column < columns - 1; column++) {
            int longest = 1;
            for (List<String> row : rows) {
                longest = Math.max(longest, width(row.get(column)));
            }
            widths[column] = Math.min(longest, widest.getOrDefault(column, WIDEST));
            left -= widths[column] + GAP;
        }
        while (left < NARROWEST_LAST) {
            int wide = 0;
            for (int column = 1; column < columns - 1; column++) {
                wide = widths[column] > widths[wide] ? column : wide;
            }
            widths[wide]--;
            left++;
        }
        widths[columns - 1] = left;
        return widths;
    }

    private void append(int row, int[] widths, boolean colour, StringBuilder text) {
        List<List<String>> cells = new ArrayList<>();
        int height = 1;
        for (int column = 0; column < widths.length; column++) {
            List<String> lines = broken(rows.get(row).get(column), widths[column]);
            cells.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder whole = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String part =
                        line < cells.get(column).size() ? cells.get(column).get(line) : "";
                Tone tone = tones.getOrDefault(new Cell(row, column), Tone.PLAIN);
                whole.append(tone.paint(part, colour)).repeat(" ", widths[column] - width(part) + GAP);
            }
            text.append(whole.toString().stripTrailing()).append('\n');
        }
    }

    /** The text in lines of at most this width, broken at blanks, without one after a hyphen, without that where it must. */
    static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (width(rest) > width) {
            int end = fitting(rest, width);
            int blank = rest.lastIndexOf(' ', end);
            int hyphen = rest.lastIndexOf('-', end - 1);
            int cut = blank > 0 ? blank : hyphen > 0 ? hyphen + 1 : end;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        if (!rest.isEmpty() || lines.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    /** How many columns of a terminal the text takes: two for a wide character, none for one that goes on top of another. */
    static int width(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    /** The end of what fits; at least one character, so that there is an end to it. */
    private static int fitting(String text, int width) {
        int end = 0;
        int taken = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            taken += width(point);
            if (taken > width && end > 0) {
                return end;
            }
            end += Character.charCount(point);
        }
        return end;
    }

    /** A control character, of which there should be none here, takes no column. */
    private static int width(int point) {
        return Math.max(0, WCWidth.wcwidth(point));
    }
}
