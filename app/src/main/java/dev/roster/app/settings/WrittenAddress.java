package dev.roster.app.settings;

import dev.roster.cluster.HostPort;

/**
 * An address as a person wrote it, its port perhaps left out.
 *
 * @param text what was written, known to be readable with any default port
 */
public record WrittenAddress(String text) {

    /** The address. */
    public HostPort withDefaultPort(int defaultPort) {
        return HostPort.parse(text, defaultPort);
    }
}
