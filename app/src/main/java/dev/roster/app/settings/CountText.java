package dev.roster.app.settings;

import org.jspecify.annotations.Nullable;

/** How many. */
public final class CountText implements Text<Integer> {

    private static final long serialVersionUID = 1L;

    /** A limit to typing errors. */
    private static final int MOST = 10_000;

    /** For SmallRye Config. */
    public CountText() {}

    @Override
    public String accepted() {
        return "a number from 0 to " + MOST;
    }

    @Override
    public @Nullable Integer convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Integer read(String value) {
        int count;
        try {
            count = Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is no number", e);
        }
        if (count < 0 || count > MOST) {
            throw new IllegalArgumentException("is out of range");
        }
        return count;
    }
}
