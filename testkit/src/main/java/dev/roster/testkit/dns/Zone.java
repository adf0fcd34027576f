package dev.roster.testkit.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names below {@code test} and the server that tells them. Changes are told from {@link #publish} on. Used by one thread.
 */
public final class Zone {

    private final Dnsmasq server;
    private final Map<String, String> addresses = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();

    Zone(Dnsmasq server) {
        this.server = server;
    }

    /** Gives a name this address, IPv4 or IPv6, instead of any it had. */
    public Zone name(String name, String address) {
        addresses.put(name, address);
        return this;
    }

    /** Forgets a name. */
    public Zone without(String name) {
        addresses.remove(name);
        return this;
    }

    /** Adds a line of dnsmasq.conf, such as an SRV record or a domain that is asked of another server. */
    public Zone line(String line) {
        lines.add(line);
        return this;
    }

    /** Forgets all such lines. */
    public Zone withoutLines() {
        lines.clear();
        return this;
    }

    /** Forgets everything. */
    Zone clear() {
        addresses.clear();
        lines.clear();
        return this;
    }

    /** All it knows, as lines of dnsmasq.conf; any other name exists nowhere. */
    public List<String> lines() {
        List<String> all = new ArrayList<>(List.of("local=/test/", "local=/#/"));
        addresses.forEach((name, address) -> all.add("host-record=" + name + "," + address));
        all.addAll(lines);
        return all;
    }

    /** Has the server tell this from now on. */
    public Zone publish() {
        server.serve(lines());
        return this;
    }

    /** The server, which may be stopped, frozen, or given other lines for a while. */
    public Dnsmasq server() {
        return server;
    }
}
