package dev.roster.discovery.dns;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.nio.file.Path;
import java.util.List;

/** Makes the DNS source: workers are the names of configured patterns that have an address. */
public final class DnsDiscoveryProvider implements WorkerDiscoveryProvider {

    /** The word for this source in {@code roster.discovery}, and the prefix of its options. */
    public static final String TYPE = "dns";

    private final Path resolvConf;

    /** For {@link java.util.ServiceLoader}. */
    public DnsDiscoveryProvider() {
        this(ResolvConf.PATH);
    }

    DnsDiscoveryProvider(Path resolvConf) {
        this.resolvConf = resolvConf;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return "Finds the names of configured patterns, such as worker{1..20}, that have an address in DNS,"
                + " the targets of SRV records, and the containers of a Swarm service.";
    }

    @Override
    public List<Option<?>> options() {
        return DnsOptions.ALL;
    }

    @Override
    public WorkerDiscovery create(DiscoveryContext context) {
        return new DnsDiscovery(DnsSettings.of(context), resolvConf, NettyTransport::new, context.clock());
    }
}
