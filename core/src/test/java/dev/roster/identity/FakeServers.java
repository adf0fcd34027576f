package dev.roster.identity;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;

/** A network of servers by address. An address may lead nowhere, and a server may have several. Not thread-safe. */
public final class FakeServers {

    private final InstantSource clock;
    private final Map<HostPort, FakeServer> byAddress = new TreeMap<>();
    private int made;
    private int starts;

    /**
     * A network without servers.
     *
     * @param clock gives servers their start times
     */
    public FakeServers(InstantSource clock) {
        this.clock = clock;
    }

    /** Starts a new, blank server at the address, instead of any that was there. */
    public FakeServer blank(HostPort address) {
        made++;
        FakeServer server =
                new FakeServer(new Identity(Long.toString(7_000_000_000L + made), "server-" + made), startTime());
        byAddress.put(address, server);
        return server;
    }

    /** Puts a server that exists at the address. */
    public void put(HostPort address, FakeServer server) {
        byAddress.put(address, server);
    }

    /** Who is at the address, running or not. */
    public Optional<FakeServer> at(HostPort address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /** Who answers at the address. */
    public Optional<FakeServer> reachable(HostPort address) {
        return at(address).filter(FakeServer::isReachable);
    }

    /** All addresses that lead to a server, in order. */
    public List<HostPort> addresses() {
        return List.copyOf(byAddress.keySet());
    }

    /** Stops the server; its data stays. */
    public void stop(HostPort address) {
        existing(address).running = false;
    }

    /** Starts the server again, with the data it had. */
    public void restart(HostPort address) {
        FakeServer server = existing(address);
        server.running = true;
        server.startTime = startTime();
    }

    /** Throws the server's data away and starts a blank one in its place. */
    public FakeServer wipe(HostPort address) {
        existing(address).running = false;
        return blank(address);
    }

    /** Throws the server's data away and starts a blank one of the same image in its place: it has the same identifier. */
    public FakeServer wipeToImage(HostPort address) {
        Identity image = existing(address).identity;
        FakeServer server = wipe(address);
        server.identity = image;
        return server;
    }

    /** Starts a second server from a copy of the data. */
    public FakeServer cloneTo(HostPort from, HostPort to) {
        FakeServer copy = existing(from).copy(startTime());
        byAddress.put(to, copy);
        return copy;
    }

    /** Restarts the server under another address, the old one leading nowhere. */
    public void move(HostPort from, HostPort to) {
        FakeServer server = existing(from);
        byAddress.remove(from);
        byAddress.put(to, server);
        server.running = true;
        server.startTime = startTime();
    }

    /** Gives the server a second name. */
    public void alias(HostPort address, HostPort also) {
        byAddress.put(also, existing(address));
    }

    /** Takes the server, and its data, out of the network. */
    public void remove(HostPort address) {
        FakeServer server = byAddress.remove(address);
        if (server != null && !byAddress.containsValue(server)) {
            server.running = false;
        }
    }

    private FakeServer existing(HostPort address) {
        return at(address).orElseThrow(() -> new NoSuchElementException("no server at " + address));
    }

    /** Never the same twice, as the start of a postmaster has microseconds. */
    private Instant startTime() {
        starts++;
        return clock.instant().plus(Duration.ofNanos(starts * 1000L));
    }
}
