package dev.roster.app.api;

import dev.roster.citus.CallText;
import dev.roster.plan.Withheld;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An action that is not carried out.
 *
 * @param action its kind
 * @param address the address concerned
 * @param filter what holds it
 * @param reason why, and what would release it
 * @param sql the Citus calls it would make, for reading
 * @param until when time alone releases it
 */
@RegisterForReflection
public record WithheldView(
        String action, String address, String filter, String reason, List<String> sql, Optional<Instant> until) {

    static WithheldView of(Withheld withheld) {
        return new WithheldView(
                withheld.action().kind(),
                withheld.action().address().toString(),
                withheld.filter(),
                withheld.reason(),
                CallText.of(withheld.action()),
                withheld.until());
    }
}
