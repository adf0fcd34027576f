package dev.roster.app.settings;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A duration, or {@code never}. */
public final class PatienceText implements Text<Patience> {

    private static final long serialVersionUID = 1L;
    private final DurationText durations = new DurationText();

    /** For SmallRye Config. */
    public PatienceText() {}

    @Override
    public String accepted() {
        return "never, or " + durations.accepted();
    }

    @Override
    public @Nullable Patience convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Patience read(String value) {
        return value.strip().equalsIgnoreCase("never")
                ? new Patience(Optional.empty())
                : new Patience(Optional.of(durations.read(value)));
    }
}
