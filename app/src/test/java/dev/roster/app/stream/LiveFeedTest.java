package dev.roster.app.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.JournalEntry;
import dev.roster.plan.Plan;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveFeedTest {

    private final FakeEngine engine = new FakeEngine();
    private LiveFeed feed = new LiveFeed(Duration.ofDays(1), Duration.ofMillis(1));

    @AfterEach
    void end() {
        feed.close();
    }

    @Test
    void nothingIsLookedAtWhileNobodyListens() throws Exception {
        feed.follow(engine);

        feed.passEnded(pass());
        Listening client = feed.join(Optional.empty()).orElseThrow();
        take(client, 5);

        assertThat(engine.journalReads).hasValue(1);
    }

    @Test
    void manyClientsAreOneReadForEachPass() throws Exception {
        feed.follow(engine);
        List<Listening> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(feed.join(Optional.empty()).orElseThrow());
        }
        for (Listening client : clients) {
            take(client, 5);
        }

        feed.passEnded(pass());
        for (Listening client : clients) {
            assertThat(take(client, 1)).isEqualTo(List.of("status"));
        }

        await().untilAsserted(() -> assertThat(engine.journalReads).hasValue(2));
    }

    @Test
    void anotherHealthOfASourceIsToldWithoutAPass() throws Exception {
        feed.follow(engine);
        Listening client = feed.join(Optional.empty()).orElseThrow();
        take(client, 5);

        engine.health = "not connected";

        assertThat(take(client, 1)).isEqualTo(List.of("status"));
    }

    @Test
    void aClientThatDoesNotReadSkipsWhatIsNoLongerTrue() throws Exception {
        feed.follow(engine);
        Listening slow = feed.join(Optional.empty()).orElseThrow();
        Listening quick = feed.join(Optional.empty()).orElseThrow();
        take(slow, 5);
        take(quick, 5);

        for (int i = 0; i < 20; i++) {
            feed.passEnded(pass());
            take(quick, 1);
        }

        assertThat(take(slow, 1)).isEqualTo(List.of("status"));
        assertThat(feed.next(slow)).isNotDone();
    }

    @Test
    void aQuietStreamBeats() throws Exception {
        feed = new LiveFeed(Duration.ofMillis(1), Duration.ofMillis(1));
        feed.follow(engine);
        Listening client = feed.join(Optional.empty()).orElseThrow();
        take(client, 5);

        assertThat(feed.next(client).get(1, TimeUnit.MINUTES)).isInstanceOf(StreamEvent.Heartbeat.class);
    }

    @Test
    void theEndIsToldToWhoeverListensAndToWhoeverComesLater() throws Exception {
        feed.follow(engine);
        Listening client = feed.join(Optional.empty()).orElseThrow();

        feed.close();
        feed.close();

        assertThat(feed.next(client).get(1, TimeUnit.MINUTES)).isInstanceOf(StreamEvent.End.class);
        assertThat(feed.next(feed.join(Optional.empty()).orElseThrow()).get(1, TimeUnit.MINUTES))
                .isInstanceOf(StreamEvent.End.class);
    }

    @Test
    void oneClientTooManyIsRefused() {
        for (int i = 0; i < LiveFeed.MOST_CLIENTS; i++) {
            assertThat(feed.join(Optional.empty())).isPresent();
        }

        assertThat(feed.join(Optional.empty())).isEmpty();
    }

    @Test
    void closeBeforeTheFirstClientIsHarmless() {
        feed.close();
        feed.follow(engine);

        assertThat(feed.clients()).isZero();
    }

    /** The names of the next events. */
    private List<String> take(Listening client, int number) throws Exception {
        List<String> names = new ArrayList<>();
        while (names.size() < number) {
            if (feed.next(client).get(1, TimeUnit.MINUTES) instanceof StreamEvent.Told told) {
                names.add(told.name());
            }
        }
        return names;
    }

    private static PassResult pass() {
        return new PassResult(
                1,
                Instant.EPOCH,
                Duration.ZERO,
                "nothing",
                Optional.empty(),
                Plan.EMPTY,
                List.of(),
                Optional.empty(),
                true,
                Instant.EPOCH);
    }

    private static final class FakeEngine implements Watched {

        private final AtomicInteger journalReads = new AtomicInteger();
        private volatile String health = "connected";

        @Override
        public String view(Kind kind) {
            return kind.word();
        }

        @Override
        public String journalText(List<JournalEntry> entries) {
            return "entries";
        }

        @Override
        public Object sourceHealth() {
            return health;
        }

        @Override
        public boolean coordinatorIsReached() {
            return true;
        }

        @Override
        public List<JournalEntry> journal(int limit) throws CoordinatorUnavailable {
            journalReads.incrementAndGet();
            return List.of();
        }
    }
}
