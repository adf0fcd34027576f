package dev.roster.app.api;

import dev.roster.app.engine.SizesSeen;
import dev.roster.cluster.NodeSize;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code GET /api/v1/sizes}: how much each node holds, for looking at. Asked of the nodes at most once a minute.
 *
 * @param at when they were asked
 * @param nodes one for each row of {@code pg_dist_node}
 */
@RegisterForReflection
public record SizesView(Instant at, List<NodeSizeView> nodes) {

    /**
     * One node.
     *
     * @param nodeid the column
     * @param address {@code nodename} and {@code nodeport}
     * @param bytes what its shards take on disk; left out if unknown, which is not zero
     * @param postgres its PostgreSQL version
     * @param citus its extension's version
     * @param unknown why something is not known
     */
    @RegisterForReflection
    public record NodeSizeView(
            int nodeid,
            String address,
            OptionalLong bytes,
            Optional<String> postgres,
            Optional<String> citus,
            Optional<String> unknown) {}

    static SizesView of(SizesSeen seen) {
        return new SizesView(
                seen.at(), seen.nodes().stream().map(SizesView::node).toList());
    }

    private static NodeSizeView node(NodeSize size) {
        return new NodeSizeView(
                size.node().value(),
                size.address().toString(),
                size.bytes(),
                size.postgres(),
                size.citus(),
                size.unknown());
    }
}
