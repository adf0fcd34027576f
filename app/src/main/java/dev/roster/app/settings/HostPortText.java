package dev.roster.app.settings;

import dev.roster.cluster.HostPort;
import org.jspecify.annotations.Nullable;

/** {@code host} or {@code host:port}. */
public final class HostPortText implements Text<WrittenAddress> {

    private static final long serialVersionUID = 1L;
    private static final int ANY_PORT = 5432;

    /** For SmallRye Config. */
    public HostPortText() {}

    @Override
    public String accepted() {
        return "host or host:port, an IPv6 address with a port in brackets";
    }

    @Override
    public @Nullable WrittenAddress convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public WrittenAddress read(String value) {
        HostPort.parse(value, ANY_PORT);
        return new WrittenAddress(value.strip());
    }
}
