package dev.roster.app.engine;

import dev.roster.cluster.NodeSize;
import java.time.Instant;
import java.util.List;

/**
 * What the nodes said of their sizes.
 *
 * @param at when they were asked
 * @param nodes one for each row of {@code pg_dist_node}
 */
public record SizesSeen(Instant at, List<NodeSize> nodes) {

    public SizesSeen {
        nodes = List.copyOf(nodes);
    }
}
