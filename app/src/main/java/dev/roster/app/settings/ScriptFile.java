package dev.roster.app.settings;

import dev.roster.provision.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file of SQL. Read anew in each pass, so that a changed file is noticed.
 *
 * @param key the key that names it, for people
 * @param path where it is
 */
public record ScriptFile(String key, Path path) {

    /** What is accepted, in words that complete "accepted: ...". */
    static final String ACCEPTED =
            "the path of a file that Roster may read, with SQL in UTF-8, of at most " + Script.MOST_BYTES + " bytes";

    /**
     * What it holds.
     *
     * @throws IOException if there is nothing to be carried out in it; the message completes "the file ..."
     */
    Script read() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(Script.MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException("may not be read by Roster", e);
        } catch (IOException e) {
            throw new IOException("cannot be read (" + e.getMessage() + ")", e);
        }
        if (bytes.length > Script.MOST_BYTES) {
            throw new IOException("is larger than " + Script.MOST_BYTES + " bytes");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("is not in UTF-8", e);
        }
        if (text.isBlank()) {
            throw new IOException("is empty");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IOException("holds a zero byte, which no SQL has");
        }
        return Script.of(text);
    }
}
