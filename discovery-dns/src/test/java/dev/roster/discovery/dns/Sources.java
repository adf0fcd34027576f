package dev.roster.discovery.dns;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.WorkerDiscoveryContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scans made by hand: what one look says, without threads and without waiting for the next. */
final class Sources implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final Scanner scanner;
    private final List<Sighting> told = new ArrayList<>();

    private Sources(Scanner scanner) {
        this.scanner = scanner;
    }

    /** A source with these options and this resolv.conf. */
    static Sources with(Map<String, String> options, Path resolvConf) {
        return with(options, resolvConf, InstantSource.fixed(NOW));
    }

    /** The same, with sightings of this clock's time. */
    static Sources with(Map<String, String> options, Path resolvConf, InstantSource clock) {
        return new Sources(new Scanner(settings(options), resolvConf, NettyTransport::new, clock));
    }

    /** A source that asks this server for these patterns, with the timeout short; further options as key, value. */
    static Sources asking(String server, String patterns, String... more) {
        Map<String, String> options =
                new HashMap<>(Map.of("servers", server, "patterns", patterns, "timeout", "300ms"));
        for (int at = 0; at < more.length; at += 2) {
            options.put(more[at], more[at + 1]);
        }
        return with(options, Path.of("/nonexistent/resolv.conf"));
    }

    static DnsSettings settings(Map<String, String> options) {
        return DnsSettings.of(context(options));
    }

    static DiscoveryContext context(Map<String, String> options) {
        return new DiscoveryContext(
                WorkerDiscoveryContract.values(new DnsDiscoveryProvider(), options), InstantSource.fixed(NOW), 5432);
    }

    /** Looks once. */
    Sighting look() {
        try {
            scanner.scan(told::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return told.getLast();
    }

    Sighting.Complete complete() {
        Sighting sighting = look();
        if (sighting instanceof Sighting.Complete complete) {
            return complete;
        }
        throw new AssertionError("not complete: " + sighting);
    }

    Sighting.Partial partial() {
        Sighting sighting = look();
        if (sighting instanceof Sighting.Partial partial) {
            return partial;
        }
        throw new AssertionError("not partial: " + sighting);
    }

    /** Every sighting told so far, those told during a scan too. */
    List<Sighting> told() {
        return List.copyOf(told);
    }

    /** Lets go of what was told so far. */
    void forget() {
        told.clear();
    }

    /** The hosts of a sighting's workers. */
    static List<String> hosts(Sighting sighting) {
        return News.workers(sighting).stream()
                .map(worker -> worker.address().host())
                .toList();
    }

    @Override
    public void close() {
        scanner.close();
    }
}
