package dev.roster.reconcile;

import static dev.roster.Samples.NOW;
import static dev.roster.Samples.add;
import static dev.roster.Samples.address;
import static dev.roster.Samples.node;
import static dev.roster.Samples.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Memory;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextPassTest {

    private static final Duration INTERVAL = Duration.ofSeconds(30);

    @Test
    void isAnIntervalAwayIfNothingEndsSooner() {
        assertThat(by(Plan.EMPTY, Memory.NONE, Optional.empty(), true)).isEqualTo(NOW.plus(INTERVAL));
    }

    @Test
    void isAtTheEndOfAWait() {
        Plan plan = new Plan(
                List.of(),
                List.of(new Withheld(add(3), "backoff", "it was refused", Optional.of(NOW.plusSeconds(4)))),
                List.of(),
                List.of(),
                List.of());

        assertThat(by(plan, Memory.NONE, Optional.empty(), true)).isEqualTo(NOW.plusSeconds(4));
    }

    @Test
    void isAtTheEndOfAGraceTime() {
        Memory memory = new Memory(
                Map.of(address(1), NOW.minusSeconds(3)),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());

        assertThat(by(absent(Situation.ABSENT), memory, Optional.empty(), true)).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void doesNotHurryForWhatIsKeptAnyhow() {
        Memory memory = new Memory(
                Map.of(address(1), NOW.minusSeconds(3)),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of());

        assertThat(by(absent(Situation.ALIVE_UNDISCOVERED), memory, Optional.empty(), true))
                .isEqualTo(NOW.plus(INTERVAL));
    }

    private static Plan absent(Situation situation) {
        Verdict verdict =
                new Verdict("pg-1", address(1), Optional.of(node(1).id()), false, situation, "absent for 3 s");
        return new Plan(List.of(), List.of(), List.of(verdict), List.of(), List.of());
    }

    @Test
    void isAtOnceForANodeToBeRemovedWhoseProbeIsTooOld() {
        Plan asked = absent(Situation.LEAVING);
        Plan decided = new Plan(List.of(remove(1, true)), List.of(), asked.verdicts(), List.of(), List.of());

        assertThat(NextPass.asksOnceMore(asked)).isTrue();
        assertThat(NextPass.asksOnceMore(decided)).isFalse();
        assertThat(NextPass.asksOnceMore(absent(Situation.STRANDED))).isFalse();
    }

    @Test
    void isWhenAServerIsToBeAskedAgain() {
        assertThat(by(Plan.EMPTY, Memory.NONE, Optional.of(NOW.plusSeconds(1)), true))
                .isEqualTo(NOW.plusSeconds(1));
    }

    @Test
    void doesNotHurryWithoutLeadership() {
        assertThat(by(Plan.EMPTY, Memory.NONE, Optional.of(NOW.plusSeconds(1)), false))
                .isEqualTo(NOW.plus(INTERVAL));
    }

    private static Instant by(Plan plan, Memory memory, Optional<Instant> probeDue, boolean leading) {
        return NextPass.by(NOW, INTERVAL, plan, memory, PlanSettings.DEFAULTS, probeDue, leading);
    }
}
