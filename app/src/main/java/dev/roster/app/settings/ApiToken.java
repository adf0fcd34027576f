package dev.roster.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The token of the HTTP interface. Read anew for each request, so that a changed secret file needs no restart. */
public sealed interface ApiToken {

    /** What is accepted, in words that complete "accepted: ...". */
    String ACCEPTED = "ASCII characters without blanks";

    /**
     * The token, without blanks around it; empty if none is configured.
     *
     * @throws IOException if its file cannot be read or holds no token
     */
    Optional<String> read() throws IOException;

    /** Where it was set, for people; never the token. */
    String place();

    /** No token. */
    record None() implements ApiToken {
        @Override
        public Optional<String> read() {
            return Optional.empty();
        }

        @Override
        public String place() {
            return "nowhere";
        }
    }

    /**
     * The token itself.
     *
     * @param value the token
     */
    record Literal(String value) implements ApiToken {
        @Override
        public Optional<String> read() {
            return Optional.of(value);
        }

        @Override
        public String place() {
            return "ROSTER_API_TOKEN";
        }

        @Override
        public String toString() {
            return Fault.MASK;
        }
    }

    /**
     * A file, such as a Docker secret.
     *
     * @param path the file
     */
    record InFile(Path path) implements ApiToken {
        @Override
        public Optional<String> read() throws IOException {
            String token = Files.readString(path).strip();
            if (!isToken(token)) {
                throw new IOException("the file holds no token; accepted: " + ACCEPTED);
            }
            return Optional.of(token);
        }

        @Override
        public String place() {
            return "the file of ROSTER_API_TOKEN_FILE";
        }
    }

    /** Whether this text can be sent as a token (RFC 9110, section 11.2, is stricter than any server). */
    static boolean isToken(String text) {
        return Form.TOKEN.matcher(text).matches();
    }

    /** What a token looks like. */
    final class Form {
        private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

        private Form() {}
    }
}
