package dev.roster.app.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A duration above zero, written as number and unit. */
public final class DurationText implements Text<Duration> {

    private static final long serialVersionUID = 1L;
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    /** For SmallRye Config. */
    public DurationText() {}

    @Override
    public String accepted() {
        return "a duration such as 500ms, 30s, 5m, 1h or 2d";
    }

    @Override
    public @Nullable Duration convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Duration read(String value) {
        Matcher form = FORM.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("is no duration");
        }
        long amount = Long.parseLong(form.group(1));
        if (amount == 0) {
            throw new IllegalArgumentException("is not above zero");
        }
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
