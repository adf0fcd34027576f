package dev.roster.discovery.docker;

import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to one engine for one project: opened by subscribing, good until its stream or any answer fails, then
 * thrown away whole. Used by the looking thread alone, but for the signals its stream leaves.
 */
final class Session implements AutoCloseable {

    private final EngineClient engine;
    private final Scope scope;
    private final String project;
    private final NodeHosts hosts;
    private final int defaultPort;
    private final Consumer<Event> onEvent;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private Optional<EventStream> stream = Optional.empty();

    private Session(
            EngineClient engine, Scope scope, String project, DockerSettings settings, Consumer<Event> onEvent) {
        this.engine = engine;
        this.scope = scope;
        this.project = project;
        this.hosts = new NodeHosts(settings);
        this.defaultPort = settings.defaultPort();
        this.onEvent = onEvent;
    }

    /** What the stream leaves for the looking thread. */
    private sealed interface Signal {
        record Heard(Event event) implements Signal {}

        record Lost(EngineFailure why) implements Signal {}
    }

    /**
     * What was heard since the last look.
     *
     * @param reason the first event in words; empty if there was none
     * @param mayReplaceServer whether a worker's server may be another one now
     */
    record Heard(Optional<String> reason, boolean mayReplaceServer) {}

    /** Finds out where to look, and subscribes; everything that happens after this returns is heard. */
    static Session open(
            DockerSettings settings, Map<String, String> environment, OwnContainer own, Consumer<Event> onEvent)
            throws EngineFailure, InterruptedException {
        EngineAddress address = EngineAddress.find(settings.host(), environment);
        EngineClient engine = EngineClient.of(address, settings.timeout(), settings.apiVersion());
        try {
            String id = engine.engineId();
            String project = settings.project().isPresent() ? settings.project().get() : own.project(engine);
            Scope scope = new Scope(DockerDiscoveryProvider.TYPE, "engine " + id + ", project " + project);
            Session session = new Session(engine, scope, project, settings, onEvent);
            session.subscribe();
            return session;
        } catch (EngineFailure | InterruptedException | RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    Scope scope() {
        return scope;
    }

    /** Subscribes, and gives up the former subscription afterwards, so that nothing falls between the two. */
    void subscribe() throws EngineFailure, InterruptedException {
        EventFeed feed = engine.events(project);
        Optional<EventStream> former = stream;
        stream = Optional.of(EventStream.reading(
                feed,
                event -> {
                    onEvent.accept(event);
                    signals.add(new Signal.Heard(event));
                },
                why -> signals.add(new Signal.Lost(why))));
        former.ifPresent(EventStream::close);
    }

    /** Lists the containers; the answer is whole or a failure. */
    Sighting.Complete look(InstantSource clock) throws EngineFailure, InterruptedException {
        List<Container> containers = engine.containers(project);
        return ProjectRoll.call(scope, defaultPort, containers, hosts.of(containers, engine), clock.instant());
    }

    /**
     * Waits for something to happen.
     *
     * @throws EngineFailure if the stream was lost
     */
    Heard await(Duration atMost) throws EngineFailure, InterruptedException {
        Signal first = signals.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        return first == null ? new Heard(Optional.empty(), false) : sumUp(first);
    }

    /** Adds what has happened since to what was heard already. */
    Heard andSince(Heard earlier) throws EngineFailure {
        Signal first = signals.poll();
        if (first == null) {
            return earlier;
        }
        Heard later = sumUp(first);
        return new Heard(earlier.reason().or(later::reason), earlier.mayReplaceServer() || later.mayReplaceServer());
    }

    private Heard sumUp(Signal first) throws EngineFailure {
        List<Signal> all = new ArrayList<>();
        all.add(first);
        signals.drainTo(all);
        Optional<String> reason = Optional.empty();
        boolean mayReplaceServer = false;
        for (Signal signal : all) {
            switch (signal) {
                case Signal.Lost lost -> throw lost.why();
                case Signal.Heard heard -> {
                    reason = reason.or(() -> Optional.of(heard.event().inWords()));
                    mayReplaceServer |= heard.event().mayReplaceServer();
                }
            }
        }
        return new Heard(reason, mayReplaceServer);
    }

    @Override
    public void close() {
        stream.ifPresent(EventStream::close);
        engine.close();
    }
}
