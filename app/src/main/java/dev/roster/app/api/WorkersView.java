package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code GET /api/v1/workers}: what the sources sight.
 *
 * @param workers every worker, once
 * @param setAside what looked like a worker and cannot be one as it is
 */
@RegisterForReflection
public record WorkersView(List<Worker> workers, List<SetAside> setAside) {

    /**
     * One worker.
     *
     * @param name what people call it
     * @param address what is or would be registered
     * @param health readiness as its source knows it
     * @param detail the source's own words for it
     * @param group the group it should belong to, where one is named
     * @param source the source
     * @param scope where it was seen
     * @param node its {@code nodeid}, if it has a row
     * @param orders what a person ordered for it, while it stands
     * @param situation its state
     * @param sentence what is so, why, and what would change it
     */
    @RegisterForReflection
    public record Worker(
            String name,
            String address,
            String health,
            String detail,
            OptionalInt group,
            String source,
            String scope,
            OptionalInt node,
            List<StandingOrder> orders,
            Optional<SituationView> situation,
            String sentence) {}

    /**
     * Something set aside.
     *
     * @param source the source
     * @param name what people call it
     * @param sentence why, and what to mend
     */
    @RegisterForReflection
    public record SetAside(String source, String name, String sentence) {}
}
