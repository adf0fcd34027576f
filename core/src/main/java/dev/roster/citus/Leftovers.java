package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.GroupId;
import java.sql.SQLException;
import java.util.List;

/**
 * Tables of shards that moved away from a node, or half-way to it, and that Citus drops later: the records of
 * {@code pg_dist_cleanup}. Citus forgets no record when a node is removed, drops nothing for a node that is gone, and lets no
 * shard be moved that has a record anywhere (its {@code shard_cleaner.c}; ADR 30). So they are dropped before the node goes.
 */
final class Leftovers {

    /** Whether this version of Citus keeps such records; since 11.1. */
    static final String ARE_KEPT = "to_regclass('pg_catalog.pg_dist_cleanup') IS NOT NULL";

    /** Type 1 is a shard's table; of other things a shard is not named. */
    private static final String OF_GROUP = """
            SELECT json_build_object('tables', (
                SELECT json_agg(c.object_name ORDER BY c.object_name) FROM pg_catalog.pg_dist_cleanup c
                 WHERE c.object_type = 1 AND c.node_group_id = ?::int))""";

    private static final String OF_NODES_THAT_ARE_GONE = """
            SELECT json_build_object('tables', (
                SELECT json_agg(c.object_name ORDER BY c.object_name) FROM pg_catalog.pg_dist_cleanup c
                 WHERE c.object_type = 1 AND c.node_group_id <> 0
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.groupid = c.node_group_id)))""";

    private static final String DROP = "CALL pg_catalog.citus_cleanup_orphaned_resources()";

    private final Transactions transactions;
    private final CoordinatorFaults faults;

    Leftovers(Transactions transactions, CoordinatorFaults faults) {
        this.transactions = transactions;
        this.faults = faults;
    }

    /** The tables that are to be dropped on the servers of a group. */
    static List<String> of(Session session, GroupId group) throws SQLException {
        return tables(session.json(OF_GROUP, group.value()));
    }

    /** The tables that nobody will drop, since their node has no row any more. */
    static List<String> ofNodesThatAreGone(Session session) throws SQLException {
        return tables(session.json(OF_NODES_THAT_ARE_GONE));
    }

    /**
     * Lets Citus drop what it can on all nodes. It waits a second for whoever uses a table, and says in warnings what it left.
     *
     * @return the server's words about what was not dropped, or about why it could not be tried
     */
    List<String> drop() throws CoordinatorUnavailable {
        try {
            return transactions.alone(session -> {
                session.run(DROP);
                return session.warnings().stream().map(Warned::message).toList();
            });
        } catch (SQLException e) {
            if (!ServerWords.sessionSurvives(e)) {
                throw faults.lost(e);
            }
            return List.of(ServerWords.of(e));
        } catch (RefusedException e) {
            throw new IllegalStateException("dropping refuses nothing", e);
        }
    }

    private static List<String> tables(JsonNode answer) {
        return Json.list(answer, "tables", JsonNode::asText);
    }
}
