package dev.roster.app.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.settings.SettingsReader;
import dev.roster.reconcile.PassResult;
import dev.roster.reconcile.TurnableClock;
import dev.roster.testkit.citus.Crowd;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the whole of Roster sends to a coordinator, counted by that coordinator. */
class StatementsTest {

    private final TurnableClock clock = new TurnableClock();

    @ParameterizedTest
    @ValueSource(ints = {20, 400})
    void aWorkerThatJoinsCostsAtMostFiveHoweverManyJoinAtOnce(int workers) {
        try (Crowd crowd = Crowd.gather();
                RosterEngine engine = engine(crowd, workers)) {
            engine.start();
            awaitRest(engine, workers);

            assertThat(crowd.members()).isEqualTo(workers);
            assertThat(sent(crowd)).hasSizeLessThanOrEqualTo(5 * workers);
        }
    }

    @Test
    void anIdleRosterSendsAtMostSixAMinuteAndThreeAPassHoweverManyMembersThereAre() {
        try (Crowd crowd = Crowd.gather();
                RosterEngine engine = engine(crowd, 150)) {
            engine.start();
            awaitRest(engine, 150);

            int before = sent(crowd).size();
            List<Integer> passes = new ArrayList<>();
            for (int pass = 0; pass < 20; pass++) {
                int sentBefore = sent(crowd).size();
                clock.advance(engine.settings().passInterval());
                awaitOnePass(engine);
                passes.add(sent(crowd).size() - sentBefore);
            }

            assertThat(passes).allSatisfy(statements -> assertThat(statements).isBetween(1, 3));
            assertThat(sent(crowd).size() - before).isLessThanOrEqualTo(10 * 6);
        }
    }

    private static List<String> sent(Crowd crowd) {
        return crowd.statements().sentBy("roster");
    }

    private RosterEngine engine(Crowd crowd, int workers) {
        Map<String, String> environment = Map.of(
                "CITUS_HOST", crowd.coordinator().host(),
                "ROSTER_COORDINATOR_PORT", Integer.toString(crowd.coordinator().port()),
                "POSTGRES_USER", crowd.coordinator().user(),
                "ROSTER_COORDINATOR_ADVERTISED", Crowd.COORDINATOR,
                "ROSTER_DISCOVERY", "static",
                "ROSTER_STATIC_WORKERS", String.join(",", crowd.workers(workers)));
        return RosterEngine.build(
                new SettingsReader()
                        .read(new SmallRyeConfigBuilder()
                                .withSources(new EnvConfigSource(environment, 300))
                                .build()),
                clock,
                List.of());
    }

    /** Waits until everybody is a member and a pass found nothing to do. */
    private static void awaitRest(RosterEngine engine, int workers) {
        Awaitility.await("all " + workers + " are members")
                .atMost(Duration.ofMinutes(2))
                .until(() -> engine.latest()
                        .filter(result ->
                                result.sentence().startsWith("Nothing to do: " + workers + " workers sighted"))
                        .isPresent());
    }

    private static void awaitOnePass(RosterEngine engine) {
        long before = engine.latest().map(PassResult::number).orElse(0L);
        engine.nudge("the clock was turned");
        Awaitility.await("one more pass")
                .until(() -> engine.latest()
                        .filter(result -> result.number() > before)
                        .isPresent());
    }
}
