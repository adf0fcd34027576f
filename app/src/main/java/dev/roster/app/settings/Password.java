package dev.roster.app.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the password comes from. Read anew for each connection, so that a changed secret file needs no restart. */
public sealed interface Password {

    /**
     * The password; empty if there is none.
     *
     * @throws IOException if it cannot be had; the message is a sentence that says where and why
     */
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
            String text = text();
            int end = text.length();
            if (end > 0 && text.charAt(end - 1) == '\n') {
                end--;
                if (end > 0 && text.charAt(end - 1) == '\r') {
                    end--;
                }
            }
            return text.substring(0, end);
        }

        private String text() throws IOException {
            try {
                return Files.readString(path);
            } catch (IOException e) {
                throw new IOException(
                        "The file " + path + " of POSTGRES_PASSWORD_FILE cannot be read (" + reason(e) + ")", e);
            }
        }

        private static String reason(IOException cause) {
            return switch (cause) {
                case NoSuchFileException _ -> "it is not there";
                case AccessDeniedException _ -> "permission denied";
                case CharacterCodingException _ -> "it is not in UTF-8";
                default -> String.valueOf(cause.getMessage());
            };
        }
    }
}
