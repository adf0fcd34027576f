package dev.roster.app.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word a person probably meant, by edit distance. */
final class Nearest {

    private Nearest() {}

    /** The choice nearest to the word, ignoring case; of equally near ones the first in order. */
    static String to(String word, Collection<String> choices) {
        String lower = word.toLowerCase(Locale.ROOT);
        return choices.stream()
                .sorted()
                .min(Comparator.comparingInt(choice -> distance(lower, choice.toLowerCase(Locale.ROOT))))
                .orElseThrow();
    }

    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substitute = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[to.length()];
    }
}
