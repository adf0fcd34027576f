package dev.roster.citus;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Who gave no answer at all a short while ago. Asking such a server why it cannot be reached costs the whole limit each time,
 * and would cost the others their explanation. Thread-safe.
 */
final class RecentSilence {

    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private final LongSupplier nanos;
    private final Map<HostPort, Long> since = new ConcurrentHashMap<>();

    RecentSilence(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void note(HostPort address) {
        since.put(address, nanos.getAsLong());
    }

    void forget(HostPort address) {
        since.remove(address);
    }

    boolean contains(HostPort address) {
        Long noted = since.get(address);
        return noted != null && nanos.getAsLong() - noted < REMEMBERED.toNanos();
    }
}
