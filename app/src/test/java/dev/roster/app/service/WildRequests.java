package dev.roster.app.service;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Requests that nobody means well, made from the paths that the API describes and a seed. */
final class WildRequests {

    private static final List<String> METHODS = List.of(
            "GET", "POST", "POST", "POST", "DELETE", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "post", "FROB");
    private static final List<String> NAMES = List.of(
            "nobody",
            "%00",
            "pg-1%00",
            "%F0%9F%90%98",
            "%E2%80%AE1-gp",
            "%ED%A0%80",
            "%FF%FE",
            "%",
            "%4",
            "%zz",
            "..",
            "%2e%2e",
            "..%2f..%2fq%2fmetrics",
            "a;node=1",
            "%20",
            "%0d%0aSet-Cookie:%20a=b",
            "x'%20OR%201=1--",
            "$%7Bjndi:ldap:%7D",
            "%7Bname%7D",
            "n".repeat(3000),
            "%C3%A9".repeat(400));
    private static final List<String> QUERIES = List.of(
            "limit=0",
            "limit=-1",
            "limit=99999999999999999999",
            "limit=1e3",
            "limit=",
            "limit=5&limit=6",
            "limit=%00",
            "before=0",
            "before=-9",
            "before=9223372036854775807",
            "before=9223372036854775808",
            "before=x",
            "since=2026-01-31T12:00:00Z",
            "since=-999999999-01-01T00:00:00Z",
            "since=%2B999999999-12-31T23:59:59Z",
            "since=0000-01-01T00:00:00Z",
            "since=-4713-01-01T00:00:00Z",
            "since=yesterday",
            "since=%00",
            "node=%00",
            "node=pg-1%00",
            "node=%25%5C_",
            "node=%F0%9F%90%98",
            "node=%ED%A0%80",
            "node=%FF",
            "node=",
            "node=" + "n".repeat(301),
            "preview=true",
            "preview=TRUE",
            "preview=%00",
            "unknown=1",
            "%00=1",
            "=",
            "&&&",
            "%");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json",
            "application/json; charset=utf-16",
            "application/json; charset=nonsense",
            "APPLICATION/JSON",
            "text/plain",
            "text/html",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            "application/octet-stream",
            "garbage",
            "a/b/c",
            "*/*",
            ";",
            "/",
            "");
    private static final List<String> ACCEPTED = List.of(
            "*/*",
            "*/*",
            "*/*",
            "*/*",
            "*/*",
            "application/json",
            "text/html",
            "application/xml",
            "garbage",
            "text/event-stream",
            "a/b;q=x",
            "");
    private static final List<String> ORIGINS =
            List.of("https://page.example", "null", "http://127.0.0.1", "http://localhost:8080", "\u00e9", "");

    private final Random random;
    private final List<String> operations;
    private final List<String> names;

    /**
     * @param seed what decides everything
     * @param operations what is described, each a method and a path, parameters in braces
     * @param names names of workers that exist
     */
    WildRequests(long seed, List<String> operations, List<String> names) {
        this.random = new Random(seed);
        this.operations = operations;
        this.names = names;
    }

    /**
     * One request.
     *
     * @param method its method
     * @param target what stands in its first line
     * @param text all of it, one character for each byte
     */
    record Wild(String method, String target, String text) {

        byte[] bytes() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return text.length() > 2_000 ? text.substring(0, 2_000) + "... (" + text.length() + " bytes)" : text;
        }
    }

    /**
     * The next one.
     *
     * @param authorities values of the header Authorization to choose from; empty text for none
     * @param foreign whether it says that a web page sends it
     */
    Wild next(List<String> authorities, boolean foreign) {
        String[] operation = one(operations).split(" ", 2);
        String method = random.nextInt(4) == 0 ? one(METHODS) : operation[0];
        String target = target(operation[1]);
        byte[] body = body();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        line(bytes, method + " " + target + " HTTP/1.1");
        line(bytes, "Host: 127.0.0.1");
        line(bytes, "Connection: close");
        header(bytes, "Authorization", one(authorities));
        header(bytes, "Content-Type", one(TYPES));
        header(bytes, "Accept", one(ACCEPTED));
        if (foreign) {
            header(bytes, "Origin", one(ORIGINS));
            header(bytes, "Sec-Fetch-Site", "cross-site");
        }
        if (random.nextInt(12) == 0) {
            header(bytes, "Content-Encoding", one(List.of("gzip", "identity", "nonsense")));
        }
        if (random.nextInt(12) == 0) {
            header(bytes, "Last-Event-ID", one(List.of("x", "-1", "a".repeat(5_000), "00000000-99999999999999999999")));
        }
        if (random.nextInt(12) == 0) {
            header(bytes, "X-HTTP-Method-Override", "DELETE");
        }
        line(bytes, "Content-Length: " + body.length);
        line(bytes, "");
        bytes.writeBytes(body);
        return new Wild(method, target, bytes.toString(StandardCharsets.ISO_8859_1));
    }

    private String target(String described) {
        String path = described.replace("{name}", random.nextInt(2) == 0 ? one(names) : one(NAMES));
        String bent = switch (random.nextInt(24)) {
            case 0 -> path + "/";
            case 1 -> path.replaceFirst("/", "//");
            case 2 -> path.toUpperCase(Locale.ROOT);
            case 3 -> path + "/more";
            case 4 -> path.replaceFirst("v1", "v1/./../v1");
            case 5 -> path.substring(0, path.lastIndexOf('/'));
            default -> path;
        };
        return random.nextInt(5) == 0 || path.endsWith("journal") ? bent + "?" + one(QUERIES) : bent;
    }

    private byte[] body() {
        return switch (random.nextInt(22)) {
            case 0, 1, 2, 3 -> utf8("{}");
            case 4, 5 -> new byte[0];
            case 6 -> utf8("{\"by\":\"fuzz\"}");
            case 7 -> utf8("{\"by\":\"fuzz\",\"mode\":" + value() + "}");
            case 8 -> utf8("{\"by\":" + value() + "}");
            case 9 -> utf8("{\"to\":" + value() + ",\"by\":\"fuzz\"}");
            case 10 -> utf8("{\"to\":\"" + one(names) + "\"}");
            case 11 ->
                utf8("{\"" + one(List.of("force", "By", "", "\\u0000", "name", "acceptDataLoss")) + "\":" + value()
                        + "}");
            case 12 -> utf8("[".repeat(5_000));
            case 13 -> utf8("{\"by\":".repeat(2_000));
            case 14 -> utf8("{\"by\":\"" + "b".repeat(20_000) + "\"}");
            case 15 -> utf8(" ".repeat(300_000));
            case 16 -> utf8("{\"by\":\"a\",\"by\":\"b\"}");
            case 17 -> "{\"by\":\"fuzz\"}".getBytes(StandardCharsets.UTF_16);
            case 18 -> utf8("\u0000{}\u0000");
            case 19 -> "{\"by\":\"\u00ff\u00fe\"}".getBytes(StandardCharsets.ISO_8859_1);
            case 20 -> utf8("\ufeff{}");
            default -> noise();
        };
    }

    private String value() {
        return one(List.of(
                "null",
                "true",
                "7",
                "-1",
                "1e999999",
                "0.1",
                "[]",
                "{}",
                "[\"auto\"]",
                "\"auto\"",
                "\"block_writes\"",
                "\"AUTO\"",
                "\"\"",
                "\" \"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\u202e\"",
                "\"\\uffff\"",
                "\"\ud83d\udc18\"",
                "\"${jndi:ldap://x}\"",
                "\"'); DROP TABLE roster.journal; --\"",
                "\"\\n2026-01-01 INFO forged line\"",
                "\"" + "\u00e9".repeat(101) + "\"",
                "\"nobody\"",
                "NaN",
                "undefined",
                "'x'"));
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return noise;
    }

    private static void header(ByteArrayOutputStream bytes, String name, String value) {
        if (!value.isEmpty()) {
            line(bytes, name + ": " + value);
        }
    }

    private static void line(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
