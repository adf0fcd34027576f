package dev.roster.app.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The path of a file. */
public final class PathText implements Text<Path> {

    private static final long serialVersionUID = 1L;

    /** For SmallRye Config. */
    public PathText() {}

    @Override
    public String accepted() {
        return "the path of a file";
    }

    @Override
    public @Nullable Path convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Path read(String value) {
        try {
            return Path.of(value.strip()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no path", e);
        }
    }
}
