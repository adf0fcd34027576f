package dev.roster.app.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of text that fits a terminal of {@value #WIDTH} columns. Each column is as wide as its widest cell, but the last one
 * gets what is left and breaks its text at blanks; a long cell of any other column breaks where it must.
 */
final class Table {

    static final int WIDTH = 80;

    private static final int GAP = 2;
    private static final int WIDEST = 26;
    private static final int NARROWEST_LAST = 24;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    @Override
    public String toString() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            append(row, widths, text);
        }
        return text.toString();
    }

    private int[] widths() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        int left = WIDTH;
        for (int column = 0; column < columns - 1; column++) {
            int widest = 1;
            for (List<String> row : rows) {
                widest = Math.max(widest, length(row.get(column)));
            }
            widths[column] = Math.min(widest, WIDEST);
            left -= widths[column] + GAP;
        }
        while (left < NARROWEST_LAST) {
            int widest = 0;
            for (int column = 1; column < columns - 1; column++) {
                widest = widths[column] > widths[widest] ? column : widest;
            }
            widths[widest]--;
            left++;
        }
        widths[columns - 1] = left;
        return widths;
    }

    private static void append(List<String> row, int[] widths, StringBuilder text) {
        List<List<String>> cells = new ArrayList<>();
        int height = 1;
        for (int column = 0; column < widths.length; column++) {
            List<String> lines = broken(row.get(column), widths[column]);
            cells.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder whole = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String part =
                        line < cells.get(column).size() ? cells.get(column).get(line) : "";
                whole.append(part).repeat(" ", widths[column] - length(part) + GAP);
            }
            text.append(whole.toString().stripTrailing()).append('\n');
        }
    }

    /** The text in lines of at most this width, broken at blanks where there are any. */
    static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (length(rest) > width) {
            int end = rest.offsetByCodePoints(0, width);
            int blank = rest.lastIndexOf(' ', end);
            int cut = blank > 0 ? blank : end;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
