package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Asks the nodes how large shards are. What they do not tell, or not in time, is left out: nothing is decided by it. */
final class ShardSizes {

    /** {@code citus_shard_sizes} has the column {@code shard_id} from 12.0 on; a shard has a line for each copy. */
    private static final String SIZES = """
            SELECT json_build_object('sizes', (
                SELECT json_agg(json_build_object('shard', z.shardid, 'bytes', z.bytes))
                  FROM (SELECT (to_jsonb(s) ->> 'shard_id')::bigint AS shardid, max(s.size) AS bytes
                          FROM pg_catalog.citus_shard_sizes() s GROUP BY 1) z
                 WHERE z.shardid = ANY (?::bigint[])))""";

    private final Transactions transactions;
    private final CoordinatorFaults faults;

    ShardSizes(Transactions transactions, CoordinatorFaults faults) {
        this.transactions = transactions;
        this.faults = faults;
    }

    Map<Long, Long> of(Set<Long> shards) throws CoordinatorUnavailable {
        if (shards.isEmpty()) {
            return Map.of();
        }
        try {
            JsonNode answer = transactions.read(session -> session.json(SIZES, (Object) shards.toArray(Long[]::new)));
            Map<Long, Long> bytes = new HashMap<>();
            answer.path("sizes")
                    .forEach(row -> bytes.put(
                            row.path("shard").asLong(), row.path("bytes").asLong()));
            return bytes;
        } catch (SQLException e) {
            if (!ServerWords.sessionSurvives(e)) {
                throw faults.unavailable(e);
            }
            return Map.of();
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }
}
