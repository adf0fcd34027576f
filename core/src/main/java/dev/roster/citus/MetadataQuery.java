package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.MetadataComparison;
import dev.roster.cluster.MetadataComparison.Excess;
import dev.roster.cluster.MetadataComparison.Newer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What servers know of nodes and placements that the coordinator lacks. Ids of nodes are the same on every node. A placement is
 * known by its shard and its group: when a shard moves, the coordinator gives its placement a new id and the workers keep the
 * old one (seen on Citus 13.2.2). Servers are asked first and the coordinator after, by a later statement: what a worker knows
 * was committed on the coordinator before. Sequences alone would not do, since one may be up to 32 ahead after a recovery
 * (PostgreSQL, {@code SEQ_LOG_VALS}).
 */
final class MetadataQuery {

    /** Gaps and islands: however many ids there are, the answer has one pair for each run of them. */
    private static final String RANGES = """
            (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(r.low, r.high) ORDER BY r.low)
               FROM (SELECT pg_catalog.min(i.id) AS low, pg_catalog.max(i.id) AS high
                       FROM (SELECT %1$s AS id, %1$s - pg_catalog.row_number() OVER (ORDER BY %1$s) AS island
                               FROM %2$s) i GROUP BY i.island) r)""";

    private static final String NODES = RANGES.formatted("nodeid", "pg_catalog.pg_dist_node");

    private static final String PLACEMENTS =
            RANGES.formatted("placementid", "pg_catalog.pg_dist_placement WHERE shardstate = 1");

    /** Where each placement is; nearly always the same everywhere, so that it is not worth sending. */
    private static final String DIGEST = """
            (SELECT pg_catalog.md5(pg_catalog.string_agg(shardid || ':' || groupid, ',' ORDER BY shardid, groupid))
               FROM pg_catalog.pg_dist_placement WHERE shardstate = 1)""";

    private static final String WHERE_PLACED = """
            SELECT pg_catalog.json_agg(pg_catalog.json_build_array(shardid, groupid))
              FROM pg_catalog.pg_dist_placement WHERE shardstate = 1""";

    private static final String PLACED_ELSEWHERE = """
            SELECT json_build_array(count(*), coalesce(max((e ->> 0)::bigint), 0)) FROM json_array_elements(?::json) e
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_dist_placement p
                                WHERE p.shardid = (e ->> 0)::bigint AND p.groupid = (e ->> 1)::int)""";

    /** So many answers that differ from the coordinator's, and from each other, are looked into. */
    private static final int MOST_DIGESTS = 3;

    private static final String QUESTION =
            """
            WITH bounded AS MATERIALIZED (SELECT pg_catalog.set_config('citus.node_connection_timeout', '@timeout@', true) AS set)
            SELECT pg_catalog.json_build_object('coordinator', CASE WHEN EXISTS (
                       SELECT FROM pg_catalog.pg_dist_node WHERE groupid = 0 AND noderole = 'primary' AND bounded.set IS NOT NULL)
                       THEN (SELECT result FROM pg_catalog.run_command_on_coordinator(
                           'SELECT system_identifier::text FROM pg_catalog.pg_control_system()') WHERE success LIMIT 1) END,
                   'nodes', @nodes@, 'placements', @placements@, 'digest', @digest@) FROM bounded""".replace("@nodes@", NODES).replace("@placements@", PLACEMENTS).replace("@digest@", DIGEST);

    private static final String ASK = """
            SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port,
                                              'success', a.success, 'result', a.result))
              FROM pg_catalog.master_run_on_worker(?::text[], ?::int[],
                       (SELECT array_agg(?::text) FROM unnest(?::text[])), true) a""";

    private static final String LACKING = """
            (SELECT json_build_array(count(*), coalesce(max(i.id), 0))
               FROM (SELECT generate_series((r ->> 0)::bigint, (r ->> 1)::bigint) AS id
                       FROM json_array_elements(w.nodes) r) i
              WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_dist_node n WHERE n.nodeid = i.id))""";

    private static final String NEVER_GIVEN = """
            CASE WHEN has_sequence_privilege('pg_catalog.%1$s', 'SELECT')
                 THEN coalesce(pg_sequence_last_value('pg_catalog.%1$s'::regclass), 0) END""";

    private static final String COMPARE = """
            SELECT json_build_object(
                'system', (SELECT system_identifier::text FROM pg_control_system()),
                'lastNode', %s, 'lastPlacement', %s, 'digest', %s,
                'lacking', (SELECT json_agg(%s ORDER BY w.n) FROM json_to_recordset(?::json) AS w(n int, nodes json)))""".formatted(
                    NEVER_GIVEN.formatted("pg_dist_node_nodeid_seq"),
                    NEVER_GIVEN.formatted("pg_dist_placement_placementid_seq"),
                    DIGEST,
                    LACKING);

    private final Transactions transactions;
    private final CoordinatorSettings settings;

    MetadataQuery(Transactions transactions, CoordinatorSettings settings) {
        this.transactions = transactions;
        this.settings = settings;
    }

    MetadataComparison compare(Collection<HostPort> members, Collection<HostPort> former)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        List<HostPort> all = Stream.concat(members.stream(), former.stream()).toList();
        if (all.isEmpty()) {
            return MetadataComparison.NOBODY_ASKED;
        }
        return transactions.probe(session -> {
            Map<HostPort, JsonNode> answers = ask(session, all);
            return compared(session, answers, Set.copyOf(former));
        });
    }

    private Map<HostPort, JsonNode> ask(Session session, List<HostPort> servers) throws SQLException {
        String[] hosts = servers.stream().map(HostPort::host).toArray(String[]::new);
        Integer[] ports = servers.stream().map(HostPort::port).toArray(Integer[]::new);
        String question =
                QUESTION.replace("@timeout@", settings.limits().probe().toMillis() + "ms");
        Map<HostPort, JsonNode> answers = new LinkedHashMap<>();
        for (JsonNode row : session.json(ASK, hosts, ports, question, hosts)) {
            if (row.path("success").asBoolean()) {
                answers.put(
                        Json.address(row), Json.read(Json.text(row, "result").orElse(null)));
            }
        }
        return answers;
    }

    /** Servers that answer alike, as nearly all do, are compared once. */
    private static MetadataComparison compared(Session session, Map<HostPort, JsonNode> answers, Set<HostPort> former)
            throws SQLException {
        Map<String, Integer> places = new LinkedHashMap<>();
        ArrayNode distinct = Json.object().putArray("distinct");
        for (JsonNode answer : answers.values()) {
            if (places.putIfAbsent(answer.path("nodes").toString(), places.size()) == null) {
                distinct.addObject().put("n", places.size()).set("nodes", listOrEmpty(answer, "nodes"));
            }
        }
        JsonNode here = session.json(COMPARE, distinct.toString());
        Map<String, Excess> elsewhere = new HashMap<>();
        elsewhere.put(here.path("digest").asText(), Excess.NONE);
        List<Newer> newer = new ArrayList<>();
        for (Map.Entry<HostPort, JsonNode> each : answers.entrySet()) {
            HostPort server = each.getKey();
            JsonNode answer = each.getValue();
            Optional<String> its = Json.text(answer, "coordinator");
            if (its.map(Json.required(here, "system")::equals).orElse(!former.contains(server))) {
                Newer found = former.contains(server)
                        ? new Newer(
                                server,
                                beyond(answer.path("nodes"), here.path("lastNode")),
                                beyond(answer.path("placements"), here.path("lastPlacement")))
                        : new Newer(
                                server,
                                excess(here.path("lacking")
                                        .path(places.getOrDefault(
                                                answer.path("nodes").toString(), 0))),
                                placedElsewhere(session, server, answer, elsewhere));
                if (found.nodes().count() + found.placements().count() > 0) {
                    newer.add(found);
                }
            }
        }
        return new MetadataComparison(new HashSet<>(answers.keySet()), newer);
    }

    private static Excess placedElsewhere(
            Session session, HostPort server, JsonNode answer, Map<String, Excess> elsewhere) throws SQLException {
        String digest = answer.path("digest").asText();
        Excess known = elsewhere.get(digest);
        if (known != null || elsewhere.size() > MOST_DIGESTS) {
            return known == null ? Excess.NONE : known;
        }
        JsonNode rows = session.json(
                ASK, new String[] {server.host()}, new Integer[] {server.port()}, WHERE_PLACED, new String[] {""});
        JsonNode placed = Json.read(Json.text(rows.path(0), "result").orElse(null));
        Excess excess = rows.path(0).path("success").asBoolean() && placed.isArray()
                ? excess(session.json(PLACED_ELSEWHERE, placed.toString()))
                : Excess.NONE;
        elsewhere.put(digest, excess);
        return excess;
    }

    private static JsonNode listOrEmpty(JsonNode answer, String field) {
        return answer.path(field).isArray() ? answer.path(field) : Json.object().putArray(field);
    }

    private static Excess excess(JsonNode countAndHighest) {
        return new Excess(
                countAndHighest.path(0).asLong(), countAndHighest.path(1).asLong());
    }

    /** A sequence that may not be read proves nothing. */
    private static Excess beyond(JsonNode ranges, JsonNode last) {
        long count = 0;
        long highest = 0;
        if (last.isNumber()) {
            for (JsonNode range : ranges) {
                long low = Math.max(range.path(0).asLong(), last.asLong() + 1);
                long high = range.path(1).asLong();
                if (high >= low) {
                    count += high - low + 1;
                    highest = Math.max(highest, high);
                }
            }
        }
        return new Excess(count, highest);
    }
}
