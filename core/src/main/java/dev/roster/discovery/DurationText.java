package dev.roster.discovery;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in settings: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h}. */
public final class DurationText {

    /** What is accepted, in words that complete "accepted: ...". */
    public static final String ACCEPTED = "a duration above zero, like 500ms, 5s, 2m or 1h";

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

    private DurationText() {}

    /**
     * Reads a duration above zero.
     *
     * @throws IllegalArgumentException if it is none, with words that follow the value
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("is not a duration");
        }
        long count = Long.parseLong(form.group(1));
        if (count == 0) {
            throw new IllegalArgumentException("is not above zero");
        }
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
