package dev.roster.app.settings;

import org.jspecify.annotations.Nullable;

/** A token. It is read and checked by {@link ApiKeys}, as it was written; here every text is good. */
public final class TokenText implements Text<String> {

    private static final long serialVersionUID = 1L;

    /** For SmallRye Config. */
    public TokenText() {}

    @Override
    public String accepted() {
        return ApiToken.ACCEPTED;
    }

    @Override
    public @Nullable String convert(String value) {
        return value.isBlank() ? null : value;
    }

    @Override
    public String read(String value) {
        return value;
    }
}
