package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes one scan after another, and keeps the transport between them. Used by one thread. */
final class Scanner implements AutoCloseable {

    /** A scan that lasts longer than this tells what it knows by now, if there is anything new in it. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private final DnsSettings settings;
    private final Path resolvConfFile;
    private final Transport.Maker transports;
    private final InstantSource clock;
    private @Nullable Transport transport;
    private Set<Worker> told = Set.of();

    Scanner(DnsSettings settings, Path resolvConfFile, Transport.Maker transports, InstantSource clock) {
        this.settings = settings;
        this.resolvConfFile = resolvConfFile;
        this.transports = transports;
        this.clock = clock;
    }

    /**
     * Looks up every name once.
     *
     * @param publish takes the sighting; earlier, partial ones too, if some answers are late and others bring news
     * @throws IOException if resolv.conf cannot be read or no server's name resolves
     */
    void scan(Consumer<Sighting> publish) throws IOException, InterruptedException {
        ResolvConf resolvConf = ResolvConf.read(resolvConfFile);
        SoughtNames sought = SoughtNames.of(settings, resolvConf);
        Questions questions = new Questions(
                openTransport(), servers(resolvConf), settings.tries(), new Semaphore(settings.concurrency(), true));
        Sighting sighting;
        try (Scan scan = new Scan(sought, questions)) {
            scan.begin();
            while (!scan.await(PATIENCE)) {
                Sighting meanwhile = scan.soFar().sighting(clock.instant());
                if (!told.containsAll(News.workers(meanwhile))) {
                    tell(meanwhile, publish);
                }
            }
            sighting = scan.soFar().sighting(clock.instant());
        }
        if (sighting instanceof Sighting.Unavailable) {
            // Its socket may be bound to a network that is gone.
            close();
        }
        tell(sighting, publish);
    }

    private void tell(Sighting sighting, Consumer<Sighting> publish) {
        told = new HashSet<>(News.workers(sighting));
        publish.accept(sighting);
    }

    private Transport openTransport() {
        Transport open = transport;
        if (open == null) {
            open = transports.make(settings.timeout());
            transport = open;
        }
        return open;
    }

    private List<Server> servers(ResolvConf resolvConf) throws UnknownHostException {
        List<HostPort> wanted = settings.servers().isEmpty() ? resolvConf.servers() : settings.servers();
        List<Server> servers = new ArrayList<>();
        @Nullable UnknownHostException failure = null;
        for (HostPort server : wanted) {
            try {
                InetSocketAddress address = ServerAddress.resolve(server);
                servers.add(new Server(address, 2 * settings.concurrency()));
            } catch (UnknownHostException e) {
                failure = e;
            }
        }
        if (servers.isEmpty() && failure != null) {
            throw new UnknownHostException("the DNS server " + failure.getMessage()
                    + " cannot be found; give its IP address in roster.dns.servers");
        }
        return servers;
    }

    @Override
    public void close() {
        Transport open = transport;
        transport = null;
        if (open != null) {
            open.close();
        }
    }
}
