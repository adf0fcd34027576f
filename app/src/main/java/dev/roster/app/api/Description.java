package dev.roster.app.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** The description of the API (OpenAPI 3.0), which is made from these resources and records when they are built. */
public final class Description {

    private static final String FILE = "openapi.json";

    private Description() {}

    /** All of it, read anew each time: it is rarely asked for. */
    static byte[] text() {
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The paths it describes, variables in braces, such as {@code /api/v1/workers/{name}/drain}. */
    public static Set<String> paths() {
        try {
            Set<String> paths = new TreeSet<>();
            new ObjectMapper().readTree(text()).path("paths").fieldNames().forEachRemaining(paths::add);
            return paths;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
