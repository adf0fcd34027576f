package dev.roster.app.settings;

import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Takes the HTTP port from {@code PORT}, as platforms such as Railway give it, where Quarkus' own key is not set. Anything but
 * a port is left alone: a Kubernetes service called roster injects a {@code tcp://} URL under a similar name.
 */
public final class PortVariable implements ConfigSource {

    private static final String HTTP_PORT = "quarkus.http.port";

    /** Below environment variables (300), above what is packaged (250). */
    private static final int ORDINAL = 275;

    private final @Nullable String port;

    /** For the service loader. */
    public PortVariable() {
        this(System.getenv("PORT"));
    }

    PortVariable(@Nullable String written) {
        this.port = isPort(written) ? written : null;
    }

    private static boolean isPort(@Nullable String written) {
        try {
            return written != null && new PortText().read(written) > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public Set<String> getPropertyNames() {
        return port == null ? Set.of() : Set.of(HTTP_PORT);
    }

    @Override
    public @Nullable String getValue(String name) {
        return name.equals(HTTP_PORT) ? port : null;
    }

    @Override
    public String getName() {
        return "the variable PORT";
    }

    @Override
    public int getOrdinal() {
        return ORDINAL;
    }
}
