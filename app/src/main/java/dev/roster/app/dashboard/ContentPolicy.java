package dev.roster.app.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Content-Security-Policy of the page (CSP level 3). Browsers read an import map only from inside the page, so that one
 * script is let through by its SHA-256; nothing else inline is, and nothing from elsewhere.
 */
final class ContentPolicy {

    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);

    private ContentPolicy() {}

    static String of(String page) {
        Matcher map = IMPORT_MAP.matcher(page);
        if (!map.find()) {
            throw new IllegalArgumentException("the page has no import map");
        }
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' 'sha256-" + sha256(map.group(1)) + "'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                // The library makes its templates by this one policy; no other code may turn text into markup.
                "require-trusted-types-for 'script'",
                "trusted-types lit-html");
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
