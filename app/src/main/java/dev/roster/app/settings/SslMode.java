package dev.roster.app.settings;

import java.util.Locale;

/** libpq's {@code sslmode} (PostgreSQL documentation, section 34.19). */
public enum SslMode {
    /** Never encrypt. */
    DISABLE,
    /** Encrypt if the server insists. */
    ALLOW,
    /** Encrypt if the server can. */
    PREFER,
    /** Always encrypt, whoever the server is. */
    REQUIRE,
    /** Always encrypt; the certificate must be signed by a known authority. */
    VERIFY_CA,
    /** As {@link #VERIFY_CA}, and the certificate must name the host. */
    VERIFY_FULL;

    /** The word that libpq and the JDBC driver know. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
