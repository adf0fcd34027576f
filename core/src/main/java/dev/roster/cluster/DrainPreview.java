package dev.roster.cluster;

import java.util.List;
import java.util.Optional;

/**
 * What a drain would do, found out without changing anything.
 *
 * @param moves the shard groups Citus would move, one line for each table's shard
 * @param tablesWithoutIdentity tables on the node that logical replication cannot copy: they have neither a primary key nor a
 *     replica identity
 * @param walLevel {@code wal_level} of the server of the node; empty if it could not be asked
 * @param refusal why Citus would refuse it; empty if it would not
 */
public record DrainPreview(
        List<Move> moves, List<String> tablesWithoutIdentity, Optional<String> walLevel, Optional<Hindrance> refusal) {

    public DrainPreview {
        moves = List.copyOf(moves);
        tablesWithoutIdentity = List.copyOf(tablesWithoutIdentity);
    }

    /**
     * Why Citus would refuse it.
     *
     * @param sentence what it said
     * @param remedy what a person can do
     */
    public record Hindrance(String sentence, String remedy) {}

    /**
     * One shard's move, as {@code get_rebalance_table_shards_plan} tells it.
     *
     * @param table the table
     * @param shard {@code shardid}
     * @param bytes its size, 0 if Citus did not ask for it
     * @param source from where
     * @param target to where
     */
    public record Move(String table, long shard, long bytes, HostPort source, HostPort target) {}
}
