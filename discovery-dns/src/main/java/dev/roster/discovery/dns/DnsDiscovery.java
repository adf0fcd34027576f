package dev.roster.discovery.dns;

import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans again and again on a thread of its own, {@code dns-scan}, which alone writes the sighting and owns the transport
 * with its thread. Nudges when a scan saw something else than the one before.
 */
final class DnsDiscovery implements WorkerDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(DnsDiscovery.class);

    private static final String NOT_YET = "the first scan has not ended yet";

    private final Scanner scanner;
    private final Duration interval;
    private final InstantSource clock;
    private final Backoff backoff;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile State state;

    /** What people and the engine may read at any time. */
    private record State(Sighting sighting, SourceHealth health) {}

    DnsDiscovery(DnsSettings settings, Path resolvConf, Transport.Maker transports, InstantSource clock) {
        this.scanner = new Scanner(settings, resolvConf, transports, clock);
        this.interval = settings.interval();
        this.clock = clock;
        this.backoff = new Backoff(settings.interval(), RandomGenerator.getDefault());
        this.state = new State(
                new Sighting.Unavailable(DnsDiscoveryProvider.TYPE, clock.instant(), NOT_YET),
                new SourceHealth(
                        DnsDiscoveryProvider.TYPE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(NOT_YET)));
    }

    @Override
    public void start(Nudge nudge) {
        if (closing.getCount() > 0 && started.compareAndSet(false, true)) {
            thread = Thread.ofPlatform().daemon().name("dns-scan").start(() -> run(nudge));
        }
    }

    private void run(Nudge nudge) {
        try (scanner) {
            while (closing.getCount() > 0) {
                long begun = System.nanoTime();
                scan(nudge);
                boolean failed = state.sighting() instanceof Sighting.Unavailable;
                Duration wait =
                        failed ? backoff.failed() : backoff.succeeded(interval.minusNanos(System.nanoTime() - begun));
                if (closing.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void scan(Nudge nudge) throws InterruptedException {
        try {
            scanner.scan(sighting -> publish(sighting, nudge));
        } catch (IOException | RuntimeException e) {
            publish(
                    new Sighting.Unavailable(
                            DnsDiscoveryProvider.TYPE,
                            clock.instant(),
                            "the names could not be looked up: " + Failures.words(e)),
                    nudge);
        }
    }

    private void publish(Sighting sighting, Nudge nudge) {
        State before = state;
        Optional<String> news = News.between(before.sighting(), sighting);
        state = new State(sighting, healthAfter(before.health(), sighting, news.isPresent()));
        logTransition(before.sighting(), sighting);
        news.ifPresent(nudge::nudge);
    }

    private static SourceHealth healthAfter(SourceHealth before, Sighting sighting, boolean news) {
        Instant at = sighting.at();
        Optional<Instant> lastEvent = news ? Optional.of(at) : before.lastEvent();
        return switch (sighting) {
            case Sighting.Complete complete ->
                new SourceHealth(
                        complete.source(),
                        before.connectedSince().or(() -> Optional.of(at)),
                        lastEvent,
                        Optional.of(at),
                        Optional.empty());
            case Sighting.Partial partial ->
                new SourceHealth(
                        partial.source(),
                        before.connectedSince().or(() -> Optional.of(at)),
                        lastEvent,
                        before.lastFullLook(),
                        Optional.of(partial.missing()));
            case Sighting.Unavailable unavailable ->
                new SourceHealth(
                        unavailable.source(),
                        Optional.empty(),
                        lastEvent,
                        before.lastFullLook(),
                        Optional.of(unavailable.reason()));
        };
    }

    private static void logTransition(Sighting before, Sighting now) {
        if (now instanceof Sighting.Unavailable unavailable) {
            if (!(before instanceof Sighting.Unavailable old) || old.reason().equals(NOT_YET)) {
                LOG.warn("DNS: {}; trying on, nobody is removed meanwhile", unavailable.reason());
            }
        } else if (before instanceof Sighting.Unavailable) {
            LOG.info("DNS: names can be looked up");
        }
    }

    @Override
    public Sighting sighting() {
        return state.sighting();
    }

    @Override
    public SourceHealth health() {
        return state.health().lookingEvery(interval);
    }

    @Override
    public void close() {
        closing.countDown();
        Thread running = thread;
        if (running != null && running != Thread.currentThread()) {
            running.interrupt();
            try {
                running.join(Duration.ofMillis(950));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
