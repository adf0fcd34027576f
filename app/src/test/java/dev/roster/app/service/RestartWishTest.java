package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.SourceHealth;
import dev.roster.plan.Plan;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartWishTest {

    private final List<Integer> exits = new ArrayList<>();
    private boolean needed;

    private final RestartWish wish = new RestartWish(
            () -> List.of(new SourceHealth(
                    "docker",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("the socket is a file left over"),
                    needed)),
            exits::add);

    @Test
    void aSourceThatKeepsTryingDoesNotEndTheService() {
        wish.passEnded(pass());

        assertThat(exits).isEmpty();
    }

    @Test
    void aSourceWithProofThatOnlyARestartHelpsEndsItOnceWithAnError() {
        needed = true;

        wish.passEnded(pass());
        wish.passEnded(pass());

        assertThat(exits).containsExactly(1);
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
}
