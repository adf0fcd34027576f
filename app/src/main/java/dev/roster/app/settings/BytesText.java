package dev.roster.app.settings;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes, with the units that PostgreSQL's own settings have: {@code 0}, {@code 512kB}, {@code 16MB}. */
public final class BytesText implements Text<Long> {

    private static final long serialVersionUID = 1L;
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,12})\\s*(B|kB|MB|GB)?");
    private static final Map<String, Long> UNITS = Map.of("B", 1L, "kB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);

    /** For SmallRye Config. */
    public BytesText() {}

    @Override
    public String accepted() {
        return "bytes such as 0, 512kB, 1MB or 1GB";
    }

    @Override
    public @Nullable Long convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Long read(String value) {
        Matcher fields = WRITTEN.matcher(value.strip());
        if (!fields.matches()) {
            throw new IllegalArgumentException("is no number of bytes");
        }
        long unit = fields.group(2) == null ? 1 : UNITS.getOrDefault(fields.group(2), 1L);
        return Math.multiplyExact(Long.parseLong(fields.group(1)), unit);
    }
}
