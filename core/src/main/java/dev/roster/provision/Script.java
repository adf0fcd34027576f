package dev.roster.provision;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SQL that a person wrote in a file.
 *
 * @param text the statements
 * @param fingerprint the SHA-256 of the text in UTF-8, in hexadecimal: the same text has the same one
 */
public record Script(String text, String fingerprint) {

    /** The largest file that is taken, in bytes. */
    public static final int MOST_BYTES = 1 << 20;

    /** The script with this text. */
    public static Script of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Enough of the fingerprint for a person. */
    public String shortFingerprint() {
        return fingerprint.substring(0, 12);
    }
}
