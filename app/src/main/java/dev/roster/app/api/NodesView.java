package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/v1/nodes}: the rows of {@code pg_dist_node}. Lower-case names without hyphens are Citus' own columns.
 *
 * @param nodes every row, ordered by group, then address
 */
@RegisterForReflection
public record NodesView(List<Node> nodes) {

    /**
     * One row.
     *
     * @param nodeid the column
     * @param groupid the column
     * @param name what people call it
     * @param address {@code nodename} and {@code nodeport}
     * @param noderole the column
     * @param nodecluster the column
     * @param isactive the column
     * @param hasmetadata the column
     * @param metadatasynced the column
     * @param shouldhaveshards the column
     * @param placements what its group carries
     * @param member what Roster remembers of it, if it is a member
     * @param sighted whether a source sees it now
     * @param orders what a person ordered for it, while it stands
     * @param situation its state
     * @param sentence what is so, why, and what would change it
     */
    @RegisterForReflection
    public record Node(
            int nodeid,
            int groupid,
            String name,
            String address,
            String noderole,
            String nodecluster,
            boolean isactive,
            boolean hasmetadata,
            boolean metadatasynced,
            boolean shouldhaveshards,
            Placements placements,
            Optional<Member> member,
            boolean sighted,
            List<StandingOrder> orders,
            Optional<SituationView> situation,
            String sentence) {}

    /**
     * What a group carries.
     *
     * @param distributed placements but those of reference tables
     * @param soleDistributed those of them that are the only active copy
     * @param reference placements of reference tables
     * @param soleReference those of them that are the only active copy
     */
    @RegisterForReflection
    public record Placements(int distributed, int soleDistributed, int reference, int soleReference) {}

    /**
     * What Roster remembers.
     *
     * @param origin {@code added} or {@code adopted}
     * @param since since when it is a member
     * @param identity its {@code system_identifier}
     * @param scope where it was last sighted
     * @param disabledByRoster whether Roster made its row inactive
     */
    @RegisterForReflection
    public record Member(
            String origin,
            Instant since,
            Optional<String> identity,
            Optional<String> scope,
            boolean disabledByRoster) {}
}
