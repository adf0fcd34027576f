package dev.roster.demo;

import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was told so far: in the terminal as it happens, and to the page whenever it asks. Thread-safe. */
final class Story {

    private final PrintStream out;
    private final InstantSource clock;
    private final List<Line> lines = new ArrayList<>();

    Story(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** What a line is. */
    enum Kind {
        /** What happens. */
        STEP("\n## "),
        /** Where to look. */
        WATCH("   Watch: "),
        /** How Roster answers. */
        ROSTER("   Roster: "),
        /** Anything else. */
        NOTE("   ");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * A line.
     *
     * @param at when it was told
     * @param kind what it is, in lower case
     * @param text for people
     */
    record Line(Instant at, String kind, String text) {}

    synchronized void tell(Kind kind, String text) {
        lines.add(new Line(clock.instant(), kind.name().toLowerCase(Locale.ROOT), text));
        out.println(kind.prefix + text);
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }
}
