package dev.roster.app.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code never}, or a duration that leaves a statement time to end within its own limit. */
public final class CooldownText implements Text<Patience> {

    private static final long serialVersionUID = 1L;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final PatienceText patience = new PatienceText();

    /** For SmallRye Config. */
    public CooldownText() {}

    @Override
    public String accepted() {
        return patience.accepted() + ", at most 30s";
    }

    @Override
    public @Nullable Patience convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Patience read(String value) {
        Patience read = patience.read(value);
        if (read.limit().filter(limit -> limit.compareTo(LONGEST) > 0).isPresent()) {
            throw new IllegalArgumentException("is longer than 30s");
        }
        return read;
    }
}
