package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/v1/status}: everything at one glance.
 *
 * @param version Roster's version
 * @param mode {@code manage}, {@code add-only} or {@code observe}
 * @param startedAt when this process started
 * @param ready whether the coordinator was reached and every source is connected
 * @param leadership who acts
 * @param coordinator the coordinator
 * @param sources the sources, in configured order
 * @param counts how many of each kind
 * @param orders what people ordered, while it stands
 * @param moves shards on their way, as {@code GET /api/v1/rebalance} tells it; left out if there is nothing to tell
 * @param alarms what concerns the whole cluster and needs a person
 * @param withheld what would be done and is not, and why
 * @param lastPass the last pass that ended
 * @param provisioning how far the SQL is that members and the coordinator are set up with; nothing if none is configured
 */
@RegisterForReflection
public record StatusView(
        String version,
        String mode,
        Instant startedAt,
        boolean ready,
        Leadership leadership,
        Coordinator coordinator,
        List<SourceView> sources,
        Counts counts,
        List<StandingOrder> orders,
        Optional<RebalanceView> moves,
        List<String> alarms,
        List<WithheldView> withheld,
        Optional<LastPass> lastPass,
        Optional<ProvisioningView> provisioning) {

    /**
     * Who acts.
     *
     * @param leading whether this process does
     * @param holder who does, in words
     */
    @RegisterForReflection
    public record Leadership(boolean leading, Optional<String> holder) {}

    /**
     * The coordinator.
     *
     * @param configured where it is looked for, with database and user
     * @param reached whether the last pass could read it
     * @param address the address by which it was reached
     * @param registered the address of its own row in {@code pg_dist_node}
     * @param database the database
     * @param citusVersion the extension's version
     * @param trouble why the last pass could not read it
     */
    @RegisterForReflection
    public record Coordinator(
            String configured,
            boolean reached,
            Optional<String> address,
            Optional<String> registered,
            Optional<String> database,
            Optional<String> citusVersion,
            Optional<Trouble> trouble) {}

    /**
     * Why something failed, and what to do.
     *
     * @param sentence what was tried and seen
     * @param remedy what a person can do
     */
    @RegisterForReflection
    public record Trouble(String sentence, String remedy) {}

    /**
     * How many of each kind.
     *
     * @param workers sighted workers
     * @param nodes rows of {@code pg_dist_node} but the coordinator's
     * @param waiting workers and nodes that are not as they should be, which is expected to pass
     * @param alarms workers and nodes for which a person needs to act
     */
    @RegisterForReflection
    public record Counts(int workers, int nodes, long waiting, long alarms) {}

    /**
     * The last pass that ended.
     *
     * @param number its number since start
     * @param startedAt when it began
     * @param tookMillis how long it ran
     * @param sentence what it did, or why nothing
     * @param nextBy when the next begins at the latest
     */
    @RegisterForReflection
    public record LastPass(long number, Instant startedAt, long tookMillis, String sentence, Instant nextBy) {}
}
