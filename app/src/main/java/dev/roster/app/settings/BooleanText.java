package dev.roster.app.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code true} or {@code false}, strictly: SmallRye by itself takes every unknown word for false. */
final class BooleanText implements Text<Boolean> {

    private static final long serialVersionUID = 1L;

    @Override
    public String accepted() {
        return "true or false";
    }

    @Override
    public @Nullable Boolean convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Boolean read(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new IllegalArgumentException("is neither");
        };
    }
}
