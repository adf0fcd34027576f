package dev.roster.discovery.dns;

import java.util.List;

/** One part of a pattern. */
sealed interface Segment {

    /**
     * Text that stands in every name.
     *
     * @param text the text
     */
    record Text(String text) implements Segment {}

    /**
     * A range or list in braces: one of these stands in each name.
     *
     * @param values the values in order
     * @param isGroup whether the value is also the Citus group
     */
    record Choice(List<String> values, boolean isGroup) implements Segment {

        public Choice {
            values = List.copyOf(values);
        }
    }
}
