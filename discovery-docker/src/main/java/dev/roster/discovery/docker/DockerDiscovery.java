package dev.roster.discovery.docker;

import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Docker source. Owns the thread {@code docker-look}, which connects, subscribes, lists, and lists again on every
 * relevant event, after every reconnection, and every {@code roster.docker.resync}; that thread alone writes the answer
 * and the health that other threads read. Its subscription is read by {@link EventStream}'s thread.
 *
 * <p>Any failure, of the stream or of a question, ends the session: the answer is {@link Sighting.Unavailable} until the
 * next one has looked. A whole list proves absence, since an engine knows all its containers.
 */
final class DockerDiscovery implements WorkerDiscovery {

    private static final Logger LOG = LoggerFactory.getLogger(DockerDiscovery.class);
    private static final Duration END_WITHIN = Duration.ofMillis(900);
    private static final int LOOKS_AT_ONCE = 5;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final int TRIES_BEFORE_RESTART = 3;

    private final DockerSettings settings;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final OwnContainer own;
    private final Reconnect reconnect = new Reconnect(new SplittableRandom());
    private final Afterlook afterlook = new Afterlook();
    private final Pace pace = new Pace(LOOKS_AT_ONCE, LOOK_INTERVAL, System::nanoTime);

    private @Nullable Thread thread;
    private boolean closed;

    private volatile Sighting sighting;
    private volatile SourceHealth health;
    private volatile Optional<Instant> lastEvent = Optional.empty();

    private Optional<Fingerprint> seen = Optional.empty();
    private Optional<String> complaint = Optional.empty();

    DockerDiscovery(DockerSettings settings, Map<String, String> environment, InstantSource clock) {
        this(settings, environment, clock, Path.of("/proc/self"));
    }

    DockerDiscovery(DockerSettings settings, Map<String, String> environment, InstantSource clock, Path self) {
        this.settings = settings;
        this.environment = environment;
        this.clock = clock;
        this.own = new OwnContainer(self, environment);
        this.sighting = new Sighting.Unavailable(
                DockerDiscoveryProvider.TYPE, clock.instant(), "The Docker engine has not been asked yet");
        this.health = new SourceHealth(
                DockerDiscoveryProvider.TYPE, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Override
    public synchronized void start(Nudge nudge) {
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().name("docker-look").daemon().start(() -> run(nudge));
        }
    }

    @Override
    public Sighting sighting() {
        return sighting;
    }

    @Override
    public SourceHealth health() {
        SourceHealth latest = health;
        return new SourceHealth(
                latest.source(),
                latest.connectedSince(),
                lastEvent,
                latest.lastFullLook(),
                latest.error(),
                latest.restartNeeded(),
                Optional.of(settings.resync()));
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            if (!running.join(END_WITHIN)) {
                LOG.warn(
                        "The thread {} has not ended {} ms after it was asked to",
                        running.getName(),
                        END_WITHIN.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Nudge nudge) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(connectAndLook(nudge));
            }
        } catch (InterruptedException e) {
            // Closing is the only reason; the thread ends.
        }
        health = new SourceHealth(
                DockerDiscoveryProvider.TYPE, Optional.empty(), lastEvent, health.lastFullLook(), Optional.empty());
    }

    /** One session from connecting to its failure; returns how long to wait before the next. */
    private Duration connectAndLook(Nudge nudge) throws InterruptedException {
        long startedAt = System.nanoTime();
        boolean connected = false;
        try (Session session =
                Session.open(settings, environment, own, event -> lastEvent = Optional.of(clock.instant()))) {
            look(session, new Session.Heard(Optional.of("connected to the Docker engine"), true), nudge);
            connected = true;
            while (true) {
                lookAgain(session, nudge);
            }
        } catch (EngineFailure failure) {
            lost(failure, nudge);
        } catch (RuntimeException fault) {
            LOG.error("Looking at the Docker engine failed in a way nobody foresaw; trying again", fault);
            lost(new EngineFailure("Looking at the Docker engine failed: " + fault, fault), nudge);
        }
        return reconnect.failed(connected ? Duration.ofNanos(System.nanoTime() - startedAt) : Duration.ZERO);
    }

    private void lookAgain(Session session, Nudge nudge) throws EngineFailure, InterruptedException {
        Session.Heard heard = session.await(afterlook.orRegular(settings.resync()));
        boolean owed = afterlook.isDue();
        Thread.sleep(pace.take());
        heard = session.andSince(heard);
        boolean byEvent = heard.reason().isPresent();
        if (byEvent) {
            afterlook.heard();
        } else {
            afterlook.looked();
        }
        boolean changed = look(session, heard, nudge);
        if (changed && !byEvent && !owed) {
            // A change that no event announced: the stream may be dead without having broken.
            session.subscribe();
        }
    }

    private boolean look(Session session, Session.Heard heard, Nudge nudge) throws EngineFailure, InterruptedException {
        Sighting.Complete complete = session.look(clock);
        Optional<Fingerprint> before = seen;
        seen = Optional.of(Fingerprint.of(complete));
        boolean changed = !seen.equals(before);
        sighting = complete;
        Instant since = health.connectedSince().orElse(complete.at());
        health = new SourceHealth(
                DockerDiscoveryProvider.TYPE,
                Optional.of(since),
                lastEvent,
                Optional.of(complete.at()),
                Optional.empty());
        if (before.isEmpty()) {
            LOG.info(
                    "Docker: {} is watched; {} workers there{}",
                    session.scope().place(),
                    complete.workers().size(),
                    reconnect.failures() == 0 ? "" : "; failures before: " + reconnect.failures());
            complaint = Optional.empty();
        }
        if (changed || heard.mayReplaceServer()) {
            nudge.nudge("docker: " + heard.reason().orElse("another look saw a change"));
        }
        return changed;
    }

    private void lost(EngineFailure failure, Nudge nudge) {
        boolean wasConnected = seen.isPresent();
        seen = Optional.empty();
        sighting = new Sighting.Unavailable(DockerDiscoveryProvider.TYPE, clock.instant(), failure.sentence());
        boolean restartNeeded = settings.exitOnStaleSocket()
                && failure.kind() == EngineFailure.Kind.STALE_SOCKET
                && reconnect.failures() + 1 >= TRIES_BEFORE_RESTART;
        health = new SourceHealth(
                DockerDiscoveryProvider.TYPE,
                Optional.empty(),
                lastEvent,
                health.lastFullLook(),
                Optional.of(failure.sentence()),
                restartNeeded);
        if (!complaint.equals(Optional.of(failure.sentence()))) {
            complaint = Optional.of(failure.sentence());
            LOG.warn(
                    "{}. Nobody is removed and nobody joins by Docker until it answers; trying on", failure.sentence());
            LOG.debug("The cause", failure);
        }
        if (wasConnected) {
            nudge.nudge("docker: " + failure.sentence());
        }
    }
}
