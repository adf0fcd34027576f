package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables of every kind that Citus 13.2 spreads over workers, with rows, and everything that people do with them. */
final class ReplaceScene {

    private static final List<String> DISTRIBUTED = List.of(
            "public.tenant",
            "\"Odd Schema\".\"Order \"\"x\"\"\"",
            "public.serials",
            "public.ev",
            "public.heapless",
            "public.single",
            "public.single2",
            "ten1.a",
            "ten1.b",
            "ten2.a",
            "ten3.a");
    private static final List<String> REFERENCE = List.of("public.country", "public.city");
    private static final List<String> REPLICATED = List.of("public.twice");

    private final CatalogStage stage;

    ReplaceScene(CatalogStage stage) {
        this.stage = stage;
    }

    /** How many rows each table has. */
    record Counts(Map<String, Long> distributed, Map<String, Long> reference, Map<String, Long> replicated) {

        @Override
        public String toString() {
            return sum(distributed) + " distributed, " + sum(reference) + " reference and " + sum(replicated)
                    + " replicated rows";
        }

        private static long sum(Map<String, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    void make() {
        execute(
                "SET citus.shard_count = 6",
                "CREATE SCHEMA \"Odd Schema\"",
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
                "CREATE SEQUENCE ticket",
                "CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL,"
                        + " upper text GENERATED ALWAYS AS (upper(name)) STORED)",
                "CREATE TABLE city (id int PRIMARY KEY, country text REFERENCES country (code) ON DELETE CASCADE, name text)",
                "SELECT create_reference_table('country')",
                "SELECT create_reference_table('city')",
                "CREATE TABLE tenant (id bigint PRIMARY KEY, name text NOT NULL, country text REFERENCES country (code),"
                        + " mood mood DEFAULT 'ok', UNIQUE (id, name), CHECK (id > 0))",
                "SELECT create_distributed_table('tenant', 'id')",
                "CREATE TABLE \"Odd Schema\".\"Order \"\"x\"\"\" (tenant bigint REFERENCES tenant (id),"
                        + " \"Id\" bigint GENERATED ALWAYS AS IDENTITY, n bigint DEFAULT nextval('ticket'),"
                        + " note text DEFAULT 'it''s \\\"', total numeric, twice numeric GENERATED ALWAYS AS (total * 2) STORED,"
                        + " parent bigint, PRIMARY KEY (tenant, \"Id\"),"
                        + " FOREIGN KEY (tenant, parent) REFERENCES \"Odd Schema\".\"Order \"\"x\"\"\" (tenant, \"Id\"),"
                        + " CHECK (total >= 0))",
                "CREATE INDEX \"by Note\" ON \"Odd Schema\".\"Order \"\"x\"\"\" (lower(note)) WHERE total > 3",
                "CREATE STATISTICS ost ON note, total FROM \"Odd Schema\".\"Order \"\"x\"\"\"",
                "SELECT create_distributed_table('\"Odd Schema\".\"Order \"\"x\"\"\"', 'tenant', colocate_with => 'tenant')",
                "CREATE TABLE serials (id bigserial PRIMARY KEY, k int, v text)",
                "SELECT create_distributed_table('serials', 'id')",
                "CREATE TABLE ev (tenant bigint, at date NOT NULL, what text, city int, PRIMARY KEY (tenant, at))"
                        + " PARTITION BY RANGE (at)",
                "CREATE TABLE ev_a PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')",
                "CREATE TABLE ev_b PARTITION OF ev FOR VALUES FROM ('2026-07-01') TO ('2028-01-01')",
                "CREATE INDEX ev_what ON ev (what)",
                "SELECT create_distributed_table('ev', 'tenant', colocate_with => 'tenant')",
                "ALTER TABLE ev ADD CONSTRAINT ev_city FOREIGN KEY (city) REFERENCES city (id)",
                "ALTER TABLE ev ADD CONSTRAINT ev_tenant FOREIGN KEY (tenant) REFERENCES tenant (id) ON DELETE CASCADE",
                "CREATE TABLE heapless (a int, b text)",
                "SELECT create_distributed_table('heapless', 'a', colocate_with => 'none')",
                "CREATE TABLE single (a int PRIMARY KEY, b text)",
                "SELECT create_distributed_table('single', NULL)",
                "CREATE TABLE single2 (a int PRIMARY KEY REFERENCES single (a), b text)",
                "SELECT create_distributed_table('single2', NULL, colocate_with => 'single')",
                "SET citus.shard_replication_factor = 2",
                "CREATE TABLE twice (a int PRIMARY KEY, b text, c int GENERATED ALWAYS AS (a + 1) STORED)",
                "SELECT create_distributed_table('twice', 'a', colocate_with => 'none')",
                "SET citus.shard_replication_factor = 1",
                "CREATE TABLE loc (a int PRIMARY KEY, c text REFERENCES country (code))",
                "SELECT citus_add_local_table_to_metadata('loc')",
                "CREATE FUNCTION addone(x bigint) RETURNS bigint LANGUAGE sql AS 'select x + 1'",
                "SELECT create_distributed_function('addone(bigint)', 'x', colocate_with := 'tenant')",
                "SET citus.enable_schema_based_sharding = on",
                "CREATE SCHEMA ten1",
                "CREATE TABLE ten1.a (i int PRIMARY KEY)",
                "CREATE TABLE ten1.b (i int REFERENCES ten1.a (i), c text REFERENCES country (code))",
                "CREATE SCHEMA ten2",
                "CREATE TABLE ten2.a (i int PRIMARY KEY)",
                "CREATE SCHEMA ten3",
                "CREATE TABLE ten3.a (i int PRIMARY KEY)",
                "SET citus.enable_schema_based_sharding = off",
                "INSERT INTO country SELECT 'c' || i, 'Country ' || i FROM generate_series(1, 300) i",
                "INSERT INTO city SELECT i, 'c' || i, 'City ' || i FROM generate_series(1, 200) i",
                "INSERT INTO tenant SELECT i, 't' || i, 'c' || (1 + i % 300) FROM generate_series(1, 1000) i",
                "INSERT INTO \"Odd Schema\".\"Order \"\"x\"\"\" (tenant, note, total)"
                        + " SELECT 1 + i % 1000, 'n' || i, i FROM generate_series(1, 3000) i",
                "INSERT INTO serials (k, v) SELECT i, 'v' FROM generate_series(1, 1000) i",
                "INSERT INTO ev SELECT 1 + i % 1000, '2026-01-01'::date + (i / 10), 'w' || i, 1 + i % 200"
                        + " FROM generate_series(1, 3000) i",
                "INSERT INTO heapless SELECT i, 'h' FROM generate_series(1, 1000) i",
                "INSERT INTO single SELECT i, 's' FROM generate_series(1, 100) i",
                "INSERT INTO single2 SELECT i, 's' FROM generate_series(1, 100) i",
                "INSERT INTO twice (a, b) SELECT i, 't' FROM generate_series(1, 1000) i",
                "INSERT INTO loc SELECT i, 'c1' FROM generate_series(1, 100) i",
                "INSERT INTO ten1.a SELECT generate_series(1, 10)",
                "INSERT INTO ten1.b SELECT i, 'c1' FROM generate_series(1, 10) i",
                "INSERT INTO ten2.a SELECT generate_series(1, 10)",
                "INSERT INTO ten3.a SELECT generate_series(1, 10)");
    }

    Counts counts() {
        return new Counts(counts(DISTRIBUTED), counts(REFERENCE), counts(REPLICATED));
    }

    /** What is left of the distributed tables when only these servers are. */
    Counts countsOn(List<HostPort> servers) {
        Map<String, Long> left = new TreeMap<>();
        for (String table : DISTRIBUTED) {
            long rows = 0;
            for (HostPort server : servers) {
                for (String shard : List.of(stage.query(
                                server,
                                "SELECT coalesce(string_agg(CASE WHEN strpos(r, '.') = 0 THEN 'public.' ELSE '' END || r, ';'), '')"
                                        + " FROM (SELECT shard_name(s.logicalrelid, s.shardid) AS r"
                                        + " FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid)"
                                        + " WHERE p.groupid = (SELECT groupid FROM pg_dist_local_group)"
                                        + " AND s.logicalrelid = " + literal(table) + "::regclass) x")
                        .split(";"))) {
                    rows += shard.isEmpty() ? 0 : Long.parseLong(stage.query(server, "SELECT count(*) FROM " + shard));
                }
            }
            left.put(table, rows);
        }
        return new Counts(left, Map.of(), Map.of());
    }

    /** Every shard's relation on a server: columns, defaults, constraints, indexes, owner, rights, partition bound. */
    List<String> definitionsOn(HostPort server) {
        return List.of(stage.query(server, """
                        SELECT string_agg(d, E'\\n' ORDER BY d) FROM (
                          SELECT concat_ws(' | ', c.oid::regclass, c.relkind, pg_get_userbyid(c.relowner), c.relacl::text, c.relreplident,
                            pg_get_expr(c.relpartbound, c.oid), (SELECT i.inhparent::regclass FROM pg_inherits i WHERE i.inhrelid = c.oid),
                            (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                       a.attidentity, a.attgenerated, pg_get_expr(f.adbin, f.adrelid)), ', ' ORDER BY a.attnum)
                               FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
                              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                            (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid) || ' ' || k.convalidated, ', ' ORDER BY k.conname)
                               FROM pg_constraint k WHERE k.conrelid = c.oid),
                            (SELECT string_agg(pg_get_indexdef(x.indexrelid), ', ' ORDER BY x.indexrelid::regclass::text)
                               FROM pg_index x WHERE x.indrelid = c.oid),
                            (SELECT string_agg(pg_get_statisticsobjdef(t.oid), ', ') FROM pg_statistic_ext t WHERE t.stxrelid = c.oid)) AS d
                            FROM pg_class c
                           WHERE c.oid IN (SELECT to_regclass(CASE WHEN strpos(r, '.') = 0 THEN 'public.' ELSE '' END || r)
                                             FROM (SELECT shard_name(s.logicalrelid, s.shardid) AS r
                                                     FROM pg_dist_shard s JOIN pg_dist_placement p USING (shardid)
                                                    WHERE p.groupid = (SELECT groupid FROM pg_dist_local_group)) x)) y""").split("\n"));
    }

    /** Reads, writes, definitions, and what has to be refused. */
    void useEverything() {
        execute(
                "INSERT INTO country VALUES ('zz', 'zz')",
                "UPDATE country SET name = 'y' WHERE code = 'zz'",
                "INSERT INTO tenant SELECT i, 't' || i, 'zz' FROM generate_series(10001, 11000) i",
                "INSERT INTO tenant SELECT i, 't' || i, 'c1' FROM generate_series(1, 1000) i ON CONFLICT DO NOTHING",
                "INSERT INTO \"Odd Schema\".\"Order \"\"x\"\"\" (tenant, note, total)"
                        + " SELECT i, 'again', 5 FROM generate_series(10001, 11000) i",
                "INSERT INTO ev SELECT i, '2026-08-01', 'x', 7 FROM generate_series(10001, 10100) i",
                "INSERT INTO serials (v) SELECT 's' FROM generate_series(1, 500)",
                "INSERT INTO single VALUES (1001, 'a')",
                "INSERT INTO single2 VALUES (1001, 'a')",
                "INSERT INTO ten1.a VALUES (101)",
                "INSERT INTO ten1.b VALUES (101, 'zz')",
                "INSERT INTO ten2.a VALUES (101)",
                "INSERT INTO twice (a) SELECT generate_series(5001, 6000)",
                "UPDATE twice SET b = 'u'",
                "INSERT INTO loc VALUES (1001, 'zz')",
                "ALTER TABLE tenant ADD COLUMN more int DEFAULT 3",
                "CREATE INDEX ON tenant (more)",
                "ALTER TABLE ev ADD COLUMN z int",
                "CREATE TABLE ev_c PARTITION OF ev FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')",
                "INSERT INTO ev SELECT i, '2028-08-01', 'x', 7 FROM generate_series(10001, 10100) i",
                "ALTER TABLE country ADD COLUMN q int",
                "CREATE TABLE anew (a int PRIMARY KEY)",
                "SELECT create_distributed_table('anew', 'a')",
                "CREATE TABLE anewref (a int PRIMARY KEY)",
                "SELECT create_reference_table('anewref')",
                "INSERT INTO anew SELECT generate_series(1, 100)",
                "UPDATE city SET name = 'renamed' WHERE id = 200");
        assertThat(query("SELECT count(*) FROM tenant")).isEqualTo("2000");
        assertThat(query("SELECT count(*) FROM country c JOIN tenant t ON t.country = c.code AND c.code = 'zz'"))
                .isEqualTo("1000");
        assertThat(query("SELECT addone(10005)")).isEqualTo("10006");
        refuses(
                "INSERT INTO \"Odd Schema\".\"Order \"\"x\"\"\" (tenant, total) SELECT generate_series(900001, 900050), 1");
        refuses("INSERT INTO ev SELECT i, '2026-08-02', 'x', 700000 FROM generate_series(10001, 10050) i");
        refuses("INSERT INTO tenant SELECT -i, 'x' FROM generate_series(1, 50) i");
        refuses("INSERT INTO single2 VALUES (5000, 'x')");
        refuses("DELETE FROM country WHERE code = 'zz'");
    }

    void dropEverything() {
        execute(
                "TRUNCATE tenant CASCADE",
                "DROP INDEX \"Odd Schema\".\"by Note\"",
                "ALTER TABLE tenant DROP CONSTRAINT tenant_country_fkey",
                "DROP TABLE \"Odd Schema\".\"Order \"\"x\"\"\", ev, tenant, serials, heapless, single2, single, twice, city, loc, anew",
                "DROP SCHEMA ten2 CASCADE",
                "DROP TABLE ten1.b, country, anewref");
    }

    private Map<String, Long> counts(List<String> tables) {
        Map<String, Long> counts = new TreeMap<>();
        for (String table : tables) {
            counts.put(table, Long.parseLong(query("SELECT count(*) FROM " + table)));
        }
        return counts;
    }

    private void execute(String... statements) {
        stage.execute(stage.coordinator(), List.of(statements));
    }

    private String query(String sql) {
        return stage.query(stage.coordinator(), sql);
    }

    private void refuses(String sql) {
        assertThatThrownBy(() -> execute(sql)).as(sql).isNotNull();
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
