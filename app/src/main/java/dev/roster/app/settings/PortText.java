package dev.roster.app.settings;

import org.jspecify.annotations.Nullable;

/** A TCP port that can be dialled. */
public final class PortText implements Text<Integer> {

    private static final long serialVersionUID = 1L;

    /** For SmallRye Config. */
    public PortText() {}

    @Override
    public String accepted() {
        return "a port from 1 to 65535";
    }

    @Override
    public @Nullable Integer convert(String value) {
        return value.isBlank() ? null : read(value);
    }

    @Override
    public Integer read(String value) {
        int port;
        try {
            port = Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is no port", e);
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("is no port");
        }
        return port;
    }
}
