package dev.roster.app.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Roster's version, as the build wrote it. */
public final class Version {

    /** Such as {@code 0.1.0}. */
    public static final String NUMBER = read();

    private Version() {}

    private static String read() {
        try (InputStream file = Version.class.getResourceAsStream("/roster-version.properties")) {
            Properties properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("the version cannot be read", e);
        }
    }
}
