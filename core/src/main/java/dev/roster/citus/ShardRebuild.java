package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.execute.Refusal.Situation;
import dev.roster.ledger.Rebuilt;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One step towards a server that has all shards its group should have. What lacks is found anew each time, so a step that was
 * cut off is simply made again. A shard with copies elsewhere is filled where nobody looks for it, and takes its name only with
 * its rows; until then Citus refuses what would read or write it there, so nobody sees it empty and its source stands still.
 */
final class ShardRebuild {

    /** Shards that belong together, made in one step besides those of the reference tables. */
    private static final int UNITS_AT_ONCE = 16;

    /** After this long no further copy is begun, so that the loop turns between the copies. */
    private static final Duration ENOUGH = Duration.ofSeconds(20);

    private static final String QUIETLY = """
            BEGIN
            PERFORM pg_catalog.set_config('citus.enable_ddl_propagation', 'off', true);
            PERFORM pg_catalog.set_config('citus.enable_manual_changes_to_shards', 'on', true);
            PERFORM pg_catalog.set_config('lock_timeout', '5s', true);
            %sEND""";

    private final Session session;
    private final Node node;
    private final HostPort server;
    private final Duration copyLimit;
    private final long began = System.nanoTime();
    private int copied;

    ShardRebuild(Session session, Node node, CoordinatorSettings.Limits limits) {
        this.session = session;
        this.node = node;
        this.server = node.address();
        this.copyLimit = limits.copy();
    }

    Rebuilt step() throws SQLException, RefusedException {
        JsonNode look = ReplaceCalls.look(session, node);
        JsonNode here = Json.read(ReplaceCalls.answer(server, look));
        int total = look.path("total").asInt();
        List<Long> missing = new ArrayList<>();
        here.path("missing").forEach(id -> missing.add(id.asLong()));
        int present = total - missing.size();
        boolean hasTables = here.path("group").asInt() == node.group().value()
                && here.path("tables").asInt() == look.path("tables").asInt();
        if (!hasTables) {
            NodeCalls.activate(session, server);
            return new Rebuilt(present, total, "it has this cluster's tables", false);
        }
        if (missing.isEmpty()) {
            ReplaceCalls.run(session, server, QUIETLY.formatted("DROP SCHEMA IF EXISTS " + ReplaceCalls.STAGE + ";\n"));
            return new Rebuilt(total, total, "", true);
        }
        List<LostShard> shards = ReplaceCalls.shards(session, node, missing);
        List<LostShard> references =
                shards.stream().filter(LostShard::isOfReferenceTable).toList();
        int made = references.isEmpty() ? makeSome(shards) : make(references);
        String kind = references.isEmpty() ? " shards" : " shards of reference tables";
        return new Rebuilt(
                present + made,
                total,
                made == 0
                        ? copied + kind + " were copied, and wait for those they belong to"
                        : made + kind + " were made",
                false);
    }

    private int makeSome(List<LostShard> shards) throws SQLException, RefusedException {
        Map<String, List<LostShard>> units = shards.stream()
                .collect(Collectors.groupingBy(LostShard::unit, LinkedHashMap::new, Collectors.toList()));
        int made = 0;
        for (List<LostShard> unit : units.values().stream().limit(UNITS_AT_ONCE).toList()) {
            made += make(unit);
            if (isEnough()) {
                return made;
            }
        }
        return made;
    }

    /** What was copied is kept, so each step with a copy gets further, however many there are. */
    private boolean isEnough() {
        return copied > 0 && System.nanoTime() - began > ENOUGH.toNanos();
    }

    /** Shards that refer to each other appear together, with their rows as far as there are any; how many appeared. */
    private int make(List<LostShard> unit) throws SQLException, RefusedException {
        for (LostShard shard : unit) {
            if (shard.source().isPresent()) {
                if (isEnough()) {
                    return 0;
                }
                fill(shard, shard.source().get());
            }
        }
        StringBuilder body = new StringBuilder();
        for (LostShard shard : unit) {
            body.append(
                    shard.source().isPresent()
                            ? "ALTER TABLE " + shard.staged() + " SET SCHEMA " + shard.schema() + ";\n"
                            : shard.made());
        }
        for (Function<LostShard, String> part :
                List.<Function<LostShard, String>>of(LostShard::madeLate, LostShard::attached, LostShard::keyed)) {
            unit.forEach(shard -> body.append(part.apply(shard)));
        }
        ReplaceCalls.run(session, server, QUIETLY.formatted(body));
        return unit.size();
    }

    /** Unless an earlier try did it: the source stands still meanwhile, so as many rows are the same rows. */
    private void fill(LostShard shard, HostPort source) throws SQLException, RefusedException {
        session.allow(copyLimit);
        String rows = ReplaceCalls.ask(session, source, count(shard.relation()));
        if (isFilled(shard, rows)) {
            return;
        }
        ReplaceCalls.run(
                session,
                server,
                QUIETLY.formatted("CREATE SCHEMA IF NOT EXISTS " + ReplaceCalls.STAGE + ";\n"
                        + "DROP TABLE IF EXISTS " + shard.staged() + ";\n"
                        + shard.made()
                        + "ALTER TABLE " + shard.relation() + " SET SCHEMA " + ReplaceCalls.STAGE + ";\n"));
        // Citus copies to a relation of the same name, so a view of that name stands for the source, and is never
        // committed.
        ReplaceCalls.run(
                session,
                source,
                QUIETLY.formatted("CREATE SCHEMA " + ReplaceCalls.STAGE + ";\n"
                        + "CREATE VIEW " + shard.staged() + " AS SELECT " + shard.columns() + " FROM "
                        + shard.relation()
                        + ";\n"
                        + "PERFORM pg_catalog.worker_copy_table_to_node('"
                        + shard.staged().replace("'", "''") + "'::regclass, "
                        + node.id().value() + ");\n"
                        + "DROP VIEW " + shard.staged() + ";\n"
                        + "DROP SCHEMA " + ReplaceCalls.STAGE + ";\n"));
        copied++;
        if (!isFilled(shard, rows)) {
            throw NodeRefusals.because(
                    server,
                    Situation.OTHER,
                    "the copy of " + shard.relation() + " from " + source + " has not the " + rows
                            + " rows of its source",
                    "nothing to do, it is copied again");
        }
    }

    private boolean isFilled(LostShard shard, String rows) throws SQLException, RefusedException {
        boolean staged = "t"
                .equals(ReplaceCalls.ask(
                        session,
                        server,
                        "SELECT to_regclass('" + shard.staged().replace("'", "''") + "') IS NOT NULL"));
        return staged && rows.equals(ReplaceCalls.ask(session, server, count(shard.staged())));
    }

    private static String count(String relation) {
        return "SELECT count(*) FROM " + relation;
    }
}
