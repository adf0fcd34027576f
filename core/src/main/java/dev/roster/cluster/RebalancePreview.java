package dev.roster.cluster;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a rebalance would do, found out without changing anything.
 *
 * @param moves what Citus would move, one line for each table's shard; empty if it finds the shards balanced
 * @param tablesWithoutIdentity distributed tables that logical replication cannot copy: they have neither a primary key nor a
 *     replica identity
 * @param walLevels {@code wal_level} of each node that shards would leave, as far as it could be asked
 * @param refusal why Citus would refuse it; empty if it would not
 */
public record RebalancePreview(
        List<DrainPreview.Move> moves,
        List<String> tablesWithoutIdentity,
        Map<HostPort, String> walLevels,
        Optional<DrainPreview.Hindrance> refusal) {

    public RebalancePreview {
        moves = List.copyOf(moves);
        tablesWithoutIdentity = List.copyOf(tablesWithoutIdentity);
        walLevels = Collections.unmodifiableMap(new TreeMap<>(walLevels));
    }
}
