package dev.roster.discovery.docker;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.OptionValues;
import java.time.Duration;
import java.util.Optional;

/**
 * The options of this source as values.
 *
 * @param project the configured compose project; empty to ask the own container
 * @param nodeName what is registered as a node's name
 * @param network the network whose address counts where the name is an IP address; empty for the first by name
 * @param host the configured engine; empty to look at the environment
 * @param resync how often to look without an event
 * @param timeout how long one answer may take
 * @param apiVersion the API version in each path; empty for none
 * @param exitOnStaleSocket whether a stale socket file asks for a restart of this process
 * @param defaultPort the port of a worker whose labels name none
 */
record DockerSettings(
        Optional<String> project,
        NodeName nodeName,
        Optional<String> network,
        Optional<String> host,
        Duration resync,
        Duration timeout,
        Optional<String> apiVersion,
        boolean exitOnStaleSocket,
        int defaultPort) {

    static DockerSettings of(DiscoveryContext context) {
        OptionValues options = context.options();
        return new DockerSettings(
                options.find(DockerOptions.PROJECT),
                options.get(DockerOptions.NODE_NAME),
                options.find(DockerOptions.NETWORK),
                options.find(DockerOptions.HOST),
                options.get(DockerOptions.RESYNC),
                options.get(DockerOptions.TIMEOUT),
                options.find(DockerOptions.API_VERSION),
                options.get(DockerOptions.EXIT_ON_STALE_SOCKET),
                context.defaultPort());
    }
}
