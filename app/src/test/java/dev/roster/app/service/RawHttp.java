package dev.roster.app.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** HTTP/1.1 by hand: sends what no client would, as it is. */
public final class RawHttp {

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int MOST = 4_000_000;

    private final URI server;

    public RawHttp(URI server) {
        this.server = server;
    }

    /**
     * What came back.
     *
     * @param status the status; 0 if the connection was closed without an answer
     * @param headers the headers, the names in lower case
     * @param body the body; of a stream only what was there at once
     */
    public record Answer(int status, Map<String, String> headers, String body) {

        public String contentType() {
            return headers.getOrDefault("content-type", "");
        }
    }

    /** Sends these bytes and reads until the service closes, or begins a stream. */
    public Answer send(byte[] request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
            } catch (IOException e) {
                // It may refuse a large body before it has read all of it; the answer is there all the same.
            }
            return answer(read(socket.getInputStream()));
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[65_536];
        try {
            for (int n = in.read(part); n >= 0 && all.size() < MOST; n = in.read(part)) {
                all.write(part, 0, n);
                String soFar = all.toString(StandardCharsets.ISO_8859_1);
                int head = soFar.indexOf("\r\n\r\n");
                if (head >= 0 && soFar.substring(0, head).contains("text/event-stream")) {
                    break;
                }
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("no end of the answer: " + all.toString(StandardCharsets.UTF_8), e);
        } catch (IOException e) {
            // Reset after the answer, since not all of the request was read.
        }
        return all.toByteArray();
    }

    private static Answer answer(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            return new Answer(0, Map.of(), text);
        }
        String[] head = text.substring(0, end).split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.put(
                    head[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    head[i].substring(colon + 1).strip());
        }
        String body = text.substring(end + 4);
        return new Answer(
                Integer.parseInt(head[0].substring(9, 12)),
                headers,
                "chunked".equals(headers.get("transfer-encoding")) ? unchunked(body) : body);
    }

    private static String unchunked(String body) {
        StringBuilder whole = new StringBuilder();
        for (String line : body.split("\r\n", -1)) {
            if (!line.matches("[0-9a-fA-F]*")) {
                whole.append(line);
            }
        }
        return whole.toString();
    }
}
