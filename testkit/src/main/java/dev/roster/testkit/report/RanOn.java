package dev.roster.testkit.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests ran on, such as real Citus or the stand-in, noted for {@link SuiteTable}. Thread-safe. */
public final class RanOn {

    /** The folder below a module's {@code target} with one file for each note. */
    static final String FOLDER = "ran-on";

    private RanOn() {}

    /**
     * Notes it in the module whose tests are running; outside a build nothing is noted.
     *
     * @param what the tests in a word or two, letters and hyphens only, such as {@code docker}
     * @param on what they ran on
     */
    public static synchronized void note(String what, String on) {
        Path target = Path.of("target");
        if (!Files.isDirectory(target)) {
            return;
        }
        try {
            Path folder = Files.createDirectories(target.resolve(FOLDER));
            Files.writeString(folder.resolve(what), on + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
