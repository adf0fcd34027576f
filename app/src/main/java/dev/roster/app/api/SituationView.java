package dev.roster.app.api;

import dev.roster.plan.Situation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/**
 * The one state of a worker or node.
 *
 * @param name its name, such as {@code member} or {@code not-ready}
 * @param row the row of the situation table (docs/architecture.md)
 * @param weight {@code calm}, {@code changing}, {@code waiting} or {@code alarm}
 */
@RegisterForReflection
public record SituationView(String name, String row, String weight) {

    static SituationView of(Situation situation) {
        return new SituationView(word(situation), situation.row(), word(situation.weight()));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
