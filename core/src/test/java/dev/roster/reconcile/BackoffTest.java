package dev.roster.reconcile;

import static dev.roster.Samples.NOW;
import static dev.roster.Samples.add;
import static dev.roster.Samples.address;
import static dev.roster.Samples.answered;
import static dev.roster.Samples.identity;
import static dev.roster.Samples.node;
import static dev.roster.Samples.refusal;
import static dev.roster.Samples.remove;
import static dev.roster.Samples.seen;
import static dev.roster.Samples.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.Samples;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Refusal.Situation;
import dev.roster.plan.Action;
import dev.roster.plan.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Observation SEEN = seen(List.of(node(1)), List.of(worker(3), worker(4)), Map.of());

    private final Backoff backoff = new Backoff(() -> 0L);

    @Test
    void aRefusedNodeWaitsAndTheOthersDoNot() {
        backoff.refused(add(3), refusal(Situation.NODE_UNREACHABLE, Optional.empty()), SEEN, NOW);

        assertThat(backoff.on(add(3), NOW)).get().satisfies(hold -> {
            assertThat(hold.reason()).isEqualTo("it was refused");
            assertThat(hold.until()).isEqualTo(NOW.plusSeconds(1));
        });
        assertThat(backoff.on(add(4), NOW)).isEmpty();
        assertThat(backoff.on(add(3), NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void theWaitGrowsWithEachRefusal() {
        for (int i = 0; i < 20; i++) {
            backoff.refused(add(3), refusal(Situation.LOGIN_REFUSED, Optional.empty()), SEEN, NOW);
        }

        assertThat(backoff.on(add(3), NOW))
                .get()
                .satisfies(hold -> assertThat(Duration.between(NOW, hold.until()))
                        .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(60)));
    }

    @Test
    void aSuccessStartsAnew() {
        backoff.refused(add(3), refusal(Situation.LOGIN_REFUSED, Optional.empty()), SEEN, NOW);
        backoff.refused(add(3), refusal(Situation.LOGIN_REFUSED, Optional.empty()), SEEN, NOW);

        backoff.succeeded(add(3));
        backoff.refused(add(3), refusal(Situation.LOGIN_REFUSED, Optional.empty()), SEEN, NOW);

        assertThat(backoff.on(add(3), NOW))
                .get()
                .satisfies(hold -> assertThat(hold.until()).isEqualTo(NOW.plusSeconds(1)));
    }

    @Test
    void aWorkerInAnotherStateIsTriedAtOnce() {
        backoff.refused(add(3), refusal(Situation.NODE_UNREACHABLE, Optional.empty()), SEEN, NOW);

        backoff.observe(SEEN);
        assertThat(backoff.on(add(3), NOW)).isPresent();

        backoff.observe(seen(List.of(node(1)), List.of(worker(3, WorkerHealth.UNKNOWN)), Map.of()));
        assertThat(backoff.on(add(3), NOW)).isEmpty();
    }

    @Test
    void aDeadMemberHoldsBackAllChangesButCures() {
        backoff.refused(add(3), refusal(Situation.OTHER_NODE_UNREACHABLE, Optional.of(address(1))), SEEN, NOW);

        assertThat(backoff.on(add(3), NOW)).isPresent();
        assertThat(backoff.on(add(4), NOW)).isPresent();
        assertThat(backoff.on(remove(2, false), NOW)).isPresent();
        assertThat(backoff.on(remove(1, true), NOW)).isEmpty();
        assertThat(backoff.on(new Action.DisableNode(node(1), Samples.member(1), ""), NOW))
                .isEmpty();
        assertThat(backoff.on(new Action.AdoptNode(node(1), identity(1), Samples.SCOPE, ""), NOW))
                .isEmpty();
    }

    @Test
    void theCulpritsAnswerReleasesAll() {
        backoff.refused(add(3), refusal(Situation.OTHER_NODE_UNREACHABLE, Optional.of(address(1))), SEEN, NOW);

        backoff.observe(seen(List.of(node(1)), List.of(worker(3)), Map.of(address(1), answered(1, NOW))));
        assertThat(backoff.on(add(3), NOW)).isPresent();

        backoff.observe(seen(List.of(node(1)), List.of(worker(3)), Map.of(address(1), answered(1, NOW.plusMillis(1)))));
        assertThat(backoff.on(add(3), NOW)).isEmpty();
    }

    @Test
    void theCulpritsDepartureReleasesAll() {
        backoff.refused(add(3), refusal(Situation.OTHER_NODE_UNREACHABLE, Optional.of(address(1))), SEEN, NOW);

        backoff.observe(seen(List.of(), List.of(worker(3)), Map.of()));

        assertThat(backoff.on(add(3), NOW)).isEmpty();
    }

    @Test
    void metadataInSyncAgainReleasesAll() {
        backoff.refused(add(3), refusal(Situation.METADATA_OUT_OF_SYNC, Optional.empty()), SEEN, NOW);

        backoff.observe(SEEN);

        assertThat(backoff.on(add(3), NOW)).isEmpty();
    }

    @Test
    void aCureThatWaitsForTheMetadataIsTriedOnceItIsInSync() {
        backoff.refused(remove(1, true), refusal(Situation.METADATA_OUT_OF_SYNC, Optional.of(address(2))), SEEN, NOW);
        assertThat(backoff.on(remove(1, true), NOW)).isPresent();

        backoff.observe(SEEN);

        assertThat(backoff.on(remove(1, true), NOW)).isEmpty();
    }

    @Test
    void aCureThatWaitsForAnotherDeadMemberIsTriedOnceThatIsDisabled() {
        backoff.refused(remove(1, true), refusal(Situation.OTHER_NODE_UNREACHABLE, Optional.of(address(2))), SEEN, NOW);

        backoff.observe(seen(List.of(node(1), node(2)), List.of(worker(3)), Map.of()));
        assertThat(backoff.on(remove(1, true), NOW)).isPresent();

        backoff.observe(SEEN);
        assertThat(backoff.on(remove(1, true), NOW)).isEmpty();
    }
}
