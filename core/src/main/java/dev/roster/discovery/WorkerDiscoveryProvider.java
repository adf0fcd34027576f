package dev.roster.discovery;

import java.util.List;

/**
 * Makes one kind of {@link WorkerDiscovery}. Implementations are plain classes with a public no-argument constructor, named
 * in {@code META-INF/services/dev.roster.discovery.WorkerDiscoveryProvider}.
 */
public interface WorkerDiscoveryProvider {

    /** The word people write in {@code roster.discovery}: lower-case letters, also the prefix of the options. */
    String type();

    /** One sentence for the reference page: what it finds, and where. */
    String description();

    /** Every option it takes, in the order of the reference page. */
    List<Option<?>> options();

    /**
     * Makes the source without connecting to anything.
     *
     * @throws IllegalArgumentException if the values contradict each other; the message names the keys
     */
    WorkerDiscovery create(DiscoveryContext context);
}
