package dev.roster.app.settings;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One of the words of an enum, in lower case with hyphens; any case and underscores are read too. */
final class EnumText implements Text<Object> {

    private static final long serialVersionUID = 1L;
    private final transient List<Object> constants;

    EnumText(List<Object> constants) {
        this.constants = constants;
    }

    @Override
    public String accepted() {
        return constants.stream().map(EnumText::word).collect(Collectors.joining(", "));
    }

    @Override
    public @Nullable Object convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Object read(String value) {
        String word = value.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        return constants.stream()
                .filter(constant -> word(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is none of them"));
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
