package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.Placements;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ServerReport;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls of Citus that change nodes, each with its documented signature, and what is asked before and after them. */
final class NodeCalls {

    /** First half of every advisory lock's key: "Rost" in ASCII. */
    static final int LOCK_SPACE = 0x526f7374;

    /** Second half of the key of the lock that a transaction changing nodes holds. */
    private static final int CHANGE_LOCK = 2;

    private static final String TAKE_TURN = "SELECT pg_advisory_xact_lock(?::int, ?::int)";

    /** Everything that the checks before a call look at. A row is found by its id or by its address in any case. */
    private static final String BEFORE =
            """
            SELECT json_build_object(%s,
                'rows', (SELECT json_agg(%s) FROM pg_catalog.pg_dist_node n
                          WHERE n.groupid = 0 OR n.nodeid = ANY (?::int[])
                             OR EXISTS (SELECT FROM unnest(?::text[], ?::int[]) AS w(host, port)
                                         WHERE lower(w.host) = lower(n.nodename) AND w.port = n.nodeport)),
                'placements', (%s),
                'references', EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE repmodel = 't'),
                'leftovers', %s,
                'first', (SELECT n.nodeid FROM pg_catalog.pg_dist_node n
                           WHERE n.groupid <> 0 AND n.isactive AND n.noderole = 'primary'
                           ORDER BY n.nodename COLLATE "C", n.nodeport LIMIT 1))""".formatted(SnapshotQuery.SELF, SnapshotQuery.NODE, SnapshotQuery.PLACEMENTS, Leftovers.ARE_KEPT);

    /** The rows behind the ids, and the fingerprint of the cluster's table names. */
    private static final String AFTER = """
            SELECT json_build_object(
                'rows', (SELECT json_agg(%s) FROM pg_catalog.pg_dist_node n WHERE n.nodeid = ANY (?::int[])),
                'names', (%s))""".formatted(SnapshotQuery.NODE, ProbeQuery.TABLE_NAMES);

    /** What the server at an address says it is, asked by the coordinator; NULL if it could not be asked. */
    private static final String IDENTITY = """
            SELECT a.result
              FROM pg_catalog.master_run_on_worker(ARRAY[?::text], ARRAY[?::int], ARRAY[?::text], true) a
             WHERE a.success""";

    private static final String WHO_ARE_YOU = """
            SELECT json_build_object('system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
                'server', (SELECT metadata ->> 'server_id' FROM pg_catalog.pg_dist_node_metadata LIMIT 1))""";

    private static final String WHICH_SERVER_ARE_YOU = """
            SELECT json_build_object('system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
                'started', pg_catalog.pg_postmaster_start_time())""";

    private static final String ADD = "SELECT pg_catalog.citus_add_node(?::text, ?::int)::text";
    private static final String ADD_TO_GROUP =
            "SELECT pg_catalog.citus_add_node(?::text, ?::int, groupid := ?::int)::text";
    private static final String ADD_SECONDARY =
            "SELECT pg_catalog.citus_add_secondary_node(?::text, ?::int, ?::text, ?::int)::text";
    private static final String ACTIVATE = "SELECT pg_catalog.citus_activate_node(?::text, ?::int)::text";
    private static final String DISABLE =
            "SELECT pg_catalog.citus_disable_node(?::text, ?::int, synchronous := ?::bool)::text";
    private static final String UPDATE =
            "SELECT pg_catalog.citus_update_node(?::int, ?::text, ?::int, ?::bool, ?::int)::text";
    private static final String ASK = """
            SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port,
                                              'success', a.success, 'result', a.result))
              FROM pg_catalog.master_run_on_worker(?::text[], ?::int[], ?::text[], true) a""";
    private static final String LOCK_TIMEOUT = "SELECT set_config('lock_timeout', ?::text, true)";
    private static final String REMOVE = "SELECT pg_catalog.citus_remove_node(?::text, ?::int)::text";
    private static final String SET_PROPERTY =
            "SELECT pg_catalog.citus_set_node_property(?::text, ?::int, 'shouldhaveshards', ?::bool)::text";
    private static final String SET_COORDINATOR = "SELECT pg_catalog.citus_set_coordinator_host(?::text, ?::int)::text";
    private static final String CHECK_CONNECTION =
            "SELECT pg_catalog.citus_check_connection_to_node(?::text, ?::int)::text";

    private NodeCalls() {}

    /** Waits, for at most {@code lock_timeout}, until no other Roster changes nodes. Held to the end of the transaction. */
    static void takeTurn(Session session) throws SQLException {
        session.text(TAKE_TURN, LOCK_SPACE, CHANGE_LOCK);
    }

    static Before before(Session session, Collection<NodeId> ids, Collection<HostPort> addresses) throws SQLException {
        return new Before(session.json(
                BEFORE, ids.stream().map(NodeId::value).toArray(Integer[]::new), hosts(addresses), ports(addresses)));
    }

    static After after(Session session, Collection<NodeId> ids) throws SQLException {
        return new After(
                session.json(AFTER, (Object) ids.stream().map(NodeId::value).toArray(Integer[]::new)));
    }

    /** What the server at an address says it is; empty if the coordinator could not ask it. */
    static Optional<Identity> identityOf(Session session, HostPort address) throws SQLException {
        return Json.identity(session.json(IDENTITY, address.host(), address.port(), WHO_ARE_YOU));
    }

    /** Which running server answers at an address, with {@code system} and {@code started}; a JSON null if none could be asked. */
    static JsonNode serverAt(Session session, HostPort address) throws SQLException {
        return session.json(IDENTITY, address.host(), address.port(), WHICH_SERVER_ARE_YOU);
    }

    static NodeId add(Session session, HostPort address, Optional<GroupId> group) throws SQLException {
        return group.isPresent()
                ? id(session.text(
                        ADD_TO_GROUP,
                        address.host(),
                        address.port(),
                        group.get().value()))
                : id(session.text(ADD, address.host(), address.port()));
    }

    /** Registers a standby as secondary of the group of a primary; Citus does not ask the standby (docs/citus.md section 5). */
    static NodeId addSecondary(Session session, HostPort address, HostPort primary) throws SQLException {
        return id(session.text(ADD_SECONDARY, address.host(), address.port(), primary.host(), primary.port()));
    }

    static void activate(Session session, HostPort address) throws SQLException {
        session.text(ACTIVATE, address.host(), address.port());
    }

    static void disable(Session session, HostPort address, boolean synchronous) throws SQLException {
        session.text(DISABLE, address.host(), address.port(), synchronous);
    }

    static void remove(Session session, HostPort address) throws SQLException {
        session.text(REMOVE, address.host(), address.port());
    }

    /**
     * Gives a row another address. Citus contacts nobody for it: success proves nothing (docs/citus.md section 3).
     *
     * @param forceAfter when Citus ends sessions that hold locks on the group's shards; empty: never
     */
    static void update(Session session, NodeId node, HostPort to, Optional<Duration> forceAfter) throws SQLException {
        int cooldown = (int) forceAfter.orElse(Duration.ZERO).toMillis();
        session.text(UPDATE, node.value(), to.host(), to.port(), forceAfter.isPresent(), cooldown);
    }

    /** How long this transaction waits for a lock from now on. */
    static void waitForLocks(Session session, Duration limit) throws SQLException {
        session.text(LOCK_TIMEOUT, limit.toMillis() + "ms");
    }

    /** Asks servers, all at once, by the coordinator: what a member is asked. Who cannot be asked is left out. */
    static Map<HostPort, ServerReport> ask(Session session, List<ProbeRequest> requests) throws SQLException {
        List<HostPort> addresses = requests.stream().map(ProbeRequest::address).toList();
        String[] questions =
                requests.stream().map(request -> ProbeQuery.of(request, 0)).toArray(String[]::new);
        Map<HostPort, ProbeRequest> asked = new HashMap<>();
        requests.forEach(request -> asked.put(request.address(), request));
        Map<HostPort, ServerReport> answers = new HashMap<>();
        for (JsonNode each : session.json(ASK, hosts(addresses), ports(addresses), questions)) {
            ProbeRequest request = asked.get(Json.address(each));
            if (request != null && each.path("success").asBoolean()) {
                JsonNode said = Json.read(Json.text(each, "result").orElse("null"));
                answers.put(request.address(), ProbeQuery.report(said, request, ""));
            }
        }
        return answers;
    }

    static void setShouldHaveShards(Session session, HostPort address, boolean value) throws SQLException {
        session.text(SET_PROPERTY, address.host(), address.port(), value);
    }

    static void setCoordinatorHost(Session session, HostPort address) throws SQLException {
        session.text(SET_COORDINATOR, address.host(), address.port());
    }

    /** Whether the coordinator can log in at an address; if not, the reason is among the session's warnings. */
    static boolean canConnect(Session session, HostPort address) throws SQLException {
        return "true".equals(session.text(CHECK_CONNECTION, address.host(), address.port()));
    }

    private static NodeId id(@Nullable String text) throws SQLException {
        if (text == null) {
            throw new SQLException("Citus answered with no node id", "XX000");
        }
        return new NodeId(Integer.parseInt(text));
    }

    private static String[] hosts(Collection<HostPort> addresses) {
        return addresses.stream().map(HostPort::host).toArray(String[]::new);
    }

    private static Integer[] ports(Collection<HostPort> addresses) {
        return addresses.stream().map(HostPort::port).toArray(Integer[]::new);
    }

    /** What stood before the call. */
    static final class Before extends Rows {

        private final JsonNode answer;

        Before(JsonNode answer) {
            super(answer);
            this.answer = answer;
        }

        JsonNode self() {
            return answer;
        }

        Placements placements(GroupId group) {
            for (JsonNode each : answer.path("placements")) {
                if (each.path("group").asInt() == group.value()) {
                    return SnapshotQuery.placements(each);
                }
            }
            return Placements.NONE;
        }

        boolean hasReferenceTables() {
            return answer.path("references").asBoolean();
        }

        /** Whether this version of Citus remembers what it has still to drop. */
        boolean keepsLeftovers() {
            return answer.path("leftovers").asBoolean();
        }

        /** Whether Citus would disable this node only synchronously: it is the first by name and port. */
        boolean isFirstWorker(NodeId node) {
            return answer.path("first").asInt(0) == node.value();
        }
    }

    /** What stood after the call. */
    static final class After extends Rows {

        private final String tableNames;

        After(JsonNode answer) {
            super(answer);
            tableNames = Json.text(answer, "names").orElse("");
        }

        /** The fingerprint of the cluster's table names, which no other session can change before this one ends. */
        String tableNames() {
            return tableNames;
        }
    }

    /** Some rows of {@code pg_dist_node}. */
    static class Rows {

        private final List<Node> rows;

        Rows(JsonNode answer) {
            this.rows = Json.list(answer, "rows", SnapshotQuery::node);
        }

        Optional<Node> at(HostPort address) {
            return rows.stream().filter(row -> row.address().equals(address)).findFirst();
        }

        Optional<Node> with(NodeId id) {
            return rows.stream().filter(row -> row.id().equals(id)).findFirst();
        }

        Optional<Node> coordinator() {
            return rows.stream().filter(Node::isCoordinator).findFirst();
        }
    }
}
