package dev.roster.app.cli;

import picocli.CommandLine.Help.Ansi.Style;

/** What a word is to whoever reads it; by it a terminal colours the word. */
enum Tone {
    /** Nothing of note. */
    PLAIN,
    /** As it should be. */
    GOOD(Style.fg_green),
    /** Expected to pass. */
    WAITING(Style.fg_yellow),
    /** Needs a person. */
    ALARM(Style.fg_red, Style.bold);

    private final String on;
    private final String off;

    Tone(Style... styles) {
        this.on = Style.on(styles);
        this.off = Style.off(styles);
    }

    /** That of a situation's weight, as the API names it. */
    static Tone ofWeight(String weight) {
        return switch (weight) {
            case "calm" -> GOOD;
            case "alarm" -> ALARM;
            case "waiting", "changing" -> WAITING;
            default -> PLAIN; // of a later version
        };
    }

    /** That of a finding's severity, as the API names it. */
    static Tone ofSeverity(String severity) {
        return switch (severity) {
            case "error" -> ALARM;
            case "warning" -> WAITING;
            default -> PLAIN;
        };
    }

    /**
     * The text in this tone.
     *
     * @param colour whether it is coloured at all
     */
    String paint(String text, boolean colour) {
        return !colour || text.isBlank() ? text : on + text + off;
    }
}
