package dev.roster.citus;

import dev.roster.execute.Refusal.Situation;
import java.util.Optional;

/** Why Citus moves no shards, by the words of its rebalancer (docs/citus.md section 6). */
final class RebalanceErrors {

    private RebalanceErrors() {}

    /**
     * What an error of the rebalancer means.
     *
     * @return empty if it is none of the rebalancer's
     */
    static Optional<Finding> finding(String state, String words) {
        if (words.contains("rebalance is already running")) {
            return Optional.of(new Finding(
                    Situation.REBALANCE_RUNNING,
                    "another rebalance runs (" + words + ")",
                    "wait for it to end, or stop it: SELECT citus_rebalance_stop();",
                    state));
        }
        if (words.contains("REPLICA IDENTITY")) {
            return Optional.of(new Finding(
                    Situation.NO_REPLICA_IDENTITY,
                    words,
                    "give the table a primary key or ALTER TABLE ... REPLICA IDENTITY, or move its shards by block_writes,"
                            + " which keeps writers waiting",
                    state));
        }
        if (words.contains("should_have_shards=true")) {
            return Optional.of(new Finding(
                    Situation.NO_TARGET,
                    "too few other nodes take shards (" + words + ")",
                    "add a worker first, or let one take shards: SELECT citus_set_node_property('host', port,"
                            + " 'shouldhaveshards', true);",
                    state));
        }
        if (words.contains("wal_level")) {
            return Optional.of(new Finding(
                    Situation.WAL_LEVEL,
                    words,
                    "set wal_level=logical there and restart it, or move shards by block_writes, which keeps writers"
                            + " waiting",
                    state));
        }
        return Optional.empty();
    }
}
