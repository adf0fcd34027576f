package dev.roster.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What every source holds to, whatever it asks. A source's test extends this and says how to make one that can look and
 * one that cannot.
 */
public abstract class WorkerDiscoveryContract {

    private static final Duration GENEROUS = Duration.ofSeconds(20);

    /** The provider as the service loader makes it. */
    protected abstract WorkerDiscoveryProvider provider();

    /** The text of each option that is set to make a source that can look and sights at least one worker. */
    protected abstract Map<String, String> working();

    /** The text of each option that is set to make a source that cannot look; by default there is no such case. */
    protected Map<String, String> failing() {
        return working();
    }

    @Test
    void everyOptionIsNamedOnceAndExplained() {
        Set<String> keys = new HashSet<>();
        for (Option<?> option : provider().options()) {
            assertThat(keys.add(option.key()))
                    .as("option %s stands once", option.key())
                    .isTrue();
            assertThat(option.key()).matches("[a-z][a-z0-9-]*");
            assertThat(option.accepted()).isNotBlank();
            assertThat(option.documentation()).endsWith(".");
        }
        assertThat(provider().type()).matches("[a-z]+");
        assertThat(provider().description()).endsWith(".");
    }

    @Test
    void everyDefaultIsAccepted() {
        assertThatCode(() -> values(provider(), Map.of())).doesNotThrowAnyException();
    }

    @Test
    void namesItself() {
        try (WorkerDiscovery source = create(working())) {
            assertThat(source.sighting().source()).isEqualTo(provider().type());
            assertThat(source.health().source()).isEqualTo(provider().type());
        }
    }

    @Test
    void isUnavailableBeforeTheFirstLook() {
        try (WorkerDiscovery source = create(working())) {
            assertThat(source.sighting()).isInstanceOf(Sighting.Unavailable.class);
            assertThat(source.health().lastFullLook()).isEmpty();
        }
    }

    @Test
    void nudgesOnceItHasLookedAndSightsItsWorkers() throws InterruptedException {
        BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
        try (WorkerDiscovery source = create(working())) {
            source.start(nudges::add);

            assertThat(nudges.poll(GENEROUS.toSeconds(), TimeUnit.SECONDS)).isNotBlank();
            assertThat(source.sighting())
                    .isInstanceOfSatisfying(
                            Sighting.Complete.class,
                            seen -> assertThat(seen.workers()).isNotEmpty());
            assertThat(source.health().isConnected()).isTrue();
            assertThat(source.health().error()).isEmpty();
        }
    }

    @Test
    void answersAtOnceEvenIfItCannotLook() {
        try (WorkerDiscovery source = create(failing())) {
            source.start(reason -> {});

            assertTimeoutPreemptively(GENEROUS, () -> {
                for (int i = 0; i < 1000; i++) {
                    assertThat(source.sighting()).isNotNull();
                    assertThat(source.health()).isNotNull();
                }
            });
        }
    }

    @Test
    void closingEndsItsThreads() {
        for (Map<String, String> options : List.of(working(), failing())) {
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            WorkerDiscovery source = create(options);
            source.start(reason -> {});
            source.close();

            Set<String> left = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .filter(name -> name.startsWith(provider().type()))
                    .collect(Collectors.toSet());
            assertThat(left).isEmpty();
        }
    }

    @Test
    void startingTwiceIsHarmless() throws InterruptedException {
        BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
        try (WorkerDiscovery source = create(working())) {
            source.start(nudges::add);
            source.start(nudges::add);

            assertThat(nudges.poll(GENEROUS.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        WorkerDiscovery source = create(working());
        source.start(reason -> {});

        assertThatCode(() -> {
                    source.close();
                    source.close();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void closingBeforeStartIsHarmlessAndKeepsItClosed() {
        WorkerDiscovery source = create(working());
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        source.close();
        source.start(reason -> {});

        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread))
                        .filter(thread -> thread.getName().startsWith(provider().type())))
                .isEmpty();
    }

    private WorkerDiscovery create(Map<String, String> options) {
        WorkerDiscoveryProvider provider = provider();
        return provider.create(
                new DiscoveryContext(values(provider, options), InstantSource.fixed(Instant.EPOCH), 5432));
    }

    /** Parses options as the application does. */
    public static OptionValues values(WorkerDiscoveryProvider provider, Map<String, String> texts) {
        Map<Option<?>, Object> values = new HashMap<>();
        for (Option<?> option : provider.options()) {
            String text = texts.get(option.key());
            if (text != null) {
                values.put(option, option.parser().apply(text));
            } else {
                option.defaultValue()
                        .ifPresent(
                                standard -> values.put(option, option.parser().apply(standard)));
            }
        }
        return new OptionValues(values);
    }
}
