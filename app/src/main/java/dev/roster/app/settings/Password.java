package dev.roster.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the password comes from. Read anew for each connection, so that a changed secret file needs no restart. */
public sealed interface Password {

    /** The password; empty if there is none. */
    String read() throws IOException;

    /** No password: trust, or a certificate. */
    record None() implements Password {
        @Override
        public String read() {
            return "";
        }
    }

    /**
     * The password itself.
     *
     * @param value the password
     */
    record Literal(String value) implements Password {
        @Override
        public String read() {
            return value;
        }

        @Override
        public String toString() {
            return Fault.MASK;
        }
    }

    /**
     * A file, such as a Docker secret.
     *
     * @param path the file; one line end at its end is not part of the password
     */
    record InFile(Path path) implements Password {
        @Override
        public String read() throws IOException {
            String text = Files.readString(path);
            int end = text.length();
            if (end > 0 && text.charAt(end - 1) == '\n') {
                end--;
                if (end > 0 && text.charAt(end - 1) == '\r') {
                    end--;
                }
            }
            return text.substring(0, end);
        }
    }
}
