package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.api.RebalanceView;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderProgressTest {

    private static final RebalanceView.Stall STALL =
            new RebalanceView.Stall("Session 4711 holds a lock on public.orders", "SELECT pg_terminate_backend(4711);");

    @Test
    void onATerminalTheBarTellsMovesBytesPaceTimeAndTheCurrentMove() {
        assertThat(OrderProgress.lines(
                        Given.standing("drain", "running"), Optional.of(Given.moves(1, Optional.empty()))))
                .containsExactly(
                        "Drain of worker-1:5432  [########......................] 1 of 4 done",
                        "23 MB of 95 MB, 976 kB/s, about 1 min 15 s left",
                        "public.orders 102011: worker-1:5432 -> worker-2:5432, 5000 B of 10000 B, Catching Up");
    }

    @Test
    void whatItWaitsForIsToldWithItsRemedy() {
        assertThat(OrderProgress.lines(
                        Given.standing("drain", "running"), Optional.of(Given.moves(1, Optional.of(STALL)))))
                .endsWith(
                        "Waits: Session 4711 holds a lock on public.orders",
                        "To do: SELECT pg_terminate_backend(4711);");
    }

    @Test
    void aRebalanceHasNoSentenceOfItsOwnAndIsCounted() {
        assertThat(OrderProgress.line(
                        Given.standing("rebalance", "running"), Optional.of(Given.moves(2, Optional.of(STALL)))))
                .isEqualTo("Rebalance: 2 of 4 done; 47 MB of 95 MB, 976 kB/s, about 1 min 15 s left; waits:"
                        + " Session 4711 holds a lock on public.orders: SELECT pg_terminate_backend(4711);");
    }

    @Test
    void anOrderWithoutAJobTellsItsSentence() {
        assertThat(OrderProgress.lines(
                        Given.standing("remove", "ordered", Optional.of("waits until its server was asked")),
                        Optional.of(Given.moves(1, Optional.empty()))))
                .containsExactly("waits until its server was asked");
        assertThat(OrderProgress.line(Given.standing("rebalance", "ordered"), Optional.empty()))
                .isEqualTo("Rebalance: waits for its turn");
    }
}
