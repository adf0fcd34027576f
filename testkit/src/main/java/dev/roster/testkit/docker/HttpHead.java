package dev.roster.testkit.docker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The first line and the headers of an HTTP message, and what of the body was read along with them.
 *
 * @param lines the lines, without their ends
 * @param rest what was read of the bytes behind the empty line, one character each
 */
record HttpHead(List<String> lines, String rest) {

    private static final Pattern READ_ONLY =
            Pattern.compile("GET (/v[0-9.]+)?/(_ping|version|info|events|containers)([/?].*)? HTTP/1\\.1");
    private static final Pattern EVENTS = Pattern.compile("GET (/v[0-9.]+)?/events(\\?.*)? HTTP/1\\.1");
    private static final int BUFFER = 16 * 1024;

    static HttpHead forbidden() {
        return new HttpHead(List.of("HTTP/1.1 403 Forbidden", "Content-Length: 0", "Connection: close"), "");
    }

    static HttpHead read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        String text = "";
        while (!text.contains("\r\n\r\n")) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        }
        int end = text.indexOf("\r\n\r\n");
        return new HttpHead(List.of(text.substring(0, end).split("\r\n")), text.substring(end + 4));
    }

    String startLine() {
        return lines.getFirst();
    }

    boolean isReadOnly() {
        return READ_ONLY.matcher(startLine()).matches();
    }

    boolean isEvents() {
        return EVENTS.matcher(startLine()).matches();
    }

    boolean isChunked() {
        return header("transfer-encoding").filter("chunked"::equals).isPresent();
    }

    /** The same without keeping the connection, so that one connection carries one request. */
    HttpHead forOneUse() {
        List<String> changed = new ArrayList<>(lines);
        changed.removeIf(line -> line.toLowerCase(Locale.ROOT).startsWith("connection:"));
        changed.add("Connection: close");
        return new HttpHead(changed, rest);
    }

    void write(SocketChannel channel) throws IOException {
        send(channel, bytes(String.join("\r\n", lines) + "\r\n\r\n"));
    }

    /** Hands on the body of a request, whose length its head tells. */
    static void pumpBody(HttpHead head, SocketChannel from, SocketChannel to) throws IOException {
        send(to, head.restBytes());
        long left = head.header("content-length").map(Long::parseLong).orElse(0L)
                - head.rest().length();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (left > 0 && from.read(buffer.clear()) >= 0) {
            left -= buffer.position();
            send(to, buffer.flip());
        }
    }

    /** Hands on the body of a response, which ends with its connection. */
    void pumpRest(SocketChannel from, SocketChannel to) throws IOException {
        send(to, restBytes());
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (from.read(buffer.clear()) >= 0) {
            send(to, buffer.flip());
        }
    }

    byte[] restBytes() {
        return bytes(rest);
    }

    static void send(SocketChannel to, byte[] bytes) throws IOException {
        send(to, ByteBuffer.wrap(bytes));
    }

    private static void send(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Optional<String> header(String name) {
        return lines.stream()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip().toLowerCase(Locale.ROOT))
                .findFirst();
    }
}
