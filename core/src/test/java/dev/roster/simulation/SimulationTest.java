package dev.roster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    private static final int SEEDS = Integer.getInteger("verify.seeds", 1_000);

    /** So many seeds, as in CI, let everything come about that can. */
    private static final int ENOUGH_FOR_ALL = 5_000;

    /** All but those of secondaries that Roster registers, and of removed servers that are fenced. */
    private static final Set<Situation> PLAYED =
            EnumSet.complementOf(EnumSet.of(Situation.UNFENCED, Situation.REGISTERING, Situation.SECONDARY_LEAVING));

    private static final Met MET = new Met();

    @Test
    void noLawIsBrokenAndTheEngineComesToRest() {
        Long one = Long.getLong("verify.seed");
        LongStream seeds = one == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(one);

        List<String> failures = seeds.parallel()
                .mapToObj(seed -> Simulation.run(seed, Engine.SOUND, MET))
                .flatMap(Optional::stream)
                .limit(3)
                .toList();

        assertThat(failures).isEmpty();
        if (one == null && SEEDS >= ENOUGH_FOR_ALL) {
            assertThat(MET.situations()).containsAll(PLAYED);
            assertThat(MET.deeds()).containsExactlyInAnyOrder(Met.Deed.values());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenWayOfDecidingIsNoticed(Broken broken) {
        Optional<String> noticed = LongStream.rangeClosed(1, 2_000)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, broken.engine(), new Met()))
                .flatMap(Optional::stream)
                .findAny();

        assertThat(noticed).isPresent();
    }
}
