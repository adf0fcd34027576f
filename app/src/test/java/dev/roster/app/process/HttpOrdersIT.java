package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people order over HTTP, of the packaged application, in the situations that a service of its own is needed for. */
class HttpOrdersIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void shardsAreSpreadByOrderAndTheOrderIsOverWithThem() throws Exception {
        allShardsAreOnTheFirstWorker();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            JsonNode preview = json(roster, "/api/v1/rebalance?preview=true");
            assertThat(preview.path("state").asText()).isEqualTo("idle");
            assertThat(preview.path("preview")).hasSize(2);

            HttpResponse<String> begun = roster.send("POST", "/api/v1/rebalance", "{\"by\":\"operator\"}", "");

            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
            assertThat(begun.body()).contains("ordered by operator", "2 shards move");
            RosterProcess.eventually().until(() -> shardsOn(2).equals("2"));
            RosterProcess.eventually()
                    .until(() -> json(roster, "/api/v1/rebalance")
                            .path("state")
                            .asText()
                            .equals("idle"));
            HttpResponse<String> again = roster.send("POST", "/api/v1/rebalance", "{}", "");
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
            assertThat(again.body()).contains("Nothing to move");
            assertThat(roster.send("DELETE", "/api/v1/rebalance", "{}", "").body())
                    .contains("No rebalance runs");
        }
    }

    @Test
    void shardsAreSpreadByItselfForAWorkerThatJoinedHalfAMinuteAgo() throws Exception {
        allShardsAreOnTheFirstWorker();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            assertThat(roster.get("/api/v1/status")).contains("takes shards and holds none");
            roster.terminate();
        }
        settings.put("ROSTER_REBALANCE_ON_JOIN", "start");
        cluster.coordinator().execute("UPDATE roster.member SET since = since + interval '1 day'");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            JsonNode withheld = json(roster, "/api/v1/plan").path("withheld").path(0);
            assertThat(withheld.path("filter").asText()).as(withheld.toString()).isEqualTo("settling");
            assertThat(withheld.path("reason").asText()).contains("once nobody has joined for 30 s");
            roster.terminate();
        }
        cluster.coordinator().execute("UPDATE roster.member SET since = since - interval '2 days'");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            RosterProcess.eventually().until(() -> shardsOn(2).equals("2"));
            RosterProcess.eventually()
                    .until(() -> roster.get("/api/v1/journal").contains("Rebalance finished: 2 of 2 moves done"));

            assertThat(roster.get("/api/v1/journal"))
                    .contains(
                            "joined and holds no shard, so the shards are spread",
                            "Rebalance started (ordered by roster)");
            assertThat(json(roster, "/api/v1/plan").path("withheld")).isEmpty();
        }
    }

    @Test
    void oneThatStandsByTakesOrdersAndTheLeaderCarriesThemOut() throws Exception {
        Map<String, String> others = new HashMap<>(settings);
        others.put("ROSTER_READY_FILE", folder.resolve("other-ready").toString());
        String worker = address(cluster.worker(2));
        try (RosterProcess leader = RosterProcess.start(folder, settings)) {
            leader.awaitMembers(2);
            try (RosterProcess standby = RosterProcess.start(folder, others)) {
                standby.awaitMembers(2);
                assertThat(json(standby, "/api/v1/status")
                                .at("/leadership/leading")
                                .asBoolean())
                        .isFalse();

                HttpResponse<String> removed =
                        standby.send("POST", "/api/v1/workers/" + worker + "/remove", "{\"by\":\"operator\"}", "");

                assertThat(removed.statusCode()).as(removed.body()).isEqualTo(202);
                RosterProcess.eventually().until(() -> nodes().equals("1"));
                RosterProcess.eventually()
                        .until(() -> leader.get("/api/v1/workers").contains("unfenced"));
                assertThat(leader.get("/api/v1/journal")).contains("\"actor\":\"operator\"");
            }
        }
    }

    @Test
    void withALedgerInMemoryOnlyTheLeaderTakesOrders() throws Exception {
        settings.put("ROSTER_LEDGER", "memory");
        Map<String, String> others = new HashMap<>(settings);
        others.put("ROSTER_READY_FILE", folder.resolve("other-ready").toString());
        try (RosterProcess leader = RosterProcess.start(folder, settings)) {
            leader.awaitMembers(2);
            try (RosterProcess standby = RosterProcess.start(folder, others)) {
                standby.awaitReady();

                HttpResponse<String> refused = standby.send("POST", "/api/v1/rebalance", "{}", "");

                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
                assertThat(JSON.readTree(refused.body()).path("remedy").asText())
                        .contains("give the order to the leader");
            }
        }
    }

    @Test
    void whileTheCoordinatorIsAwayOrdersAreNotTakenAndReadingGoesOn() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            cluster.coordinator().stop();

            for (String order : List.of("/api/v1/workers/nobody/drain", "/api/v1/rebalance")) {
                HttpResponse<String> answer = roster.send("POST", order, "{}", "");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("application/problem+json");
            }
            for (String asked : List.of("/api/v1/journal", "/api/v1/check", "/api/v1/rebalance?preview=true")) {
                assertThat(roster.get(asked)).contains("\"status\":503", "Coordinator unavailable");
            }
            RosterProcess.eventually()
                    .until(() -> json(roster, "/api/v1/status")
                            .at("/coordinator/trouble")
                            .isObject());
            assertThat(json(roster, "/api/v1/nodes").path("nodes")).isNotNull();
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void anInactiveNodeIsActivatedByOrder() throws Exception {
        PostgresServer worker = cluster.worker(2);
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            cluster.coordinator()
                    .execute("SELECT citus_disable_node('" + worker.host() + "', " + worker.port() + ", true)");
            RosterProcess.eventually().until(() -> roster.get("/api/v1/nodes").contains("\"isactive\":false"));

            HttpResponse<String> answer = roster.send(
                    "POST", "/api/v1/workers/" + address(worker) + "/activate", "{\"by\":\"operator\"}", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            RosterProcess.eventually()
                    .until(() -> cluster.coordinator()
                            .query("SELECT bool_and(isactive) FROM pg_dist_node")
                            .equals("t"));
            assertThat(roster.send("POST", "/api/v1/workers/" + address(worker) + "/activate", "{}", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void whereHttpListensBeyondLoopbackTheStartUpTokenIsNeeded() throws Exception {
        Path file = folder.resolve("start-up-token");
        settings.put("QUARKUS_HTTP_HOST", "0.0.0.0");
        settings.put("ROSTER_API_LOCAL_TOKEN_FILE", file.toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitReady();
            String token = Files.readString(file).strip();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(roster.send("POST", "/api/v1/reconcile", "{}", "").statusCode())
                    .isEqualTo(401);
            assertThat(roster.send("POST", "/api/v1/reconcile", "{}", token + "x")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(roster.send("POST", "/api/v1/reconcile", "{}", token).statusCode())
                    .isEqualTo(202);
            assertThat(roster.output()).doesNotContain(token);
            roster.terminate();
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void tenThousandEntriesAreReadPageByPage() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            cluster.coordinator().execute("""
                    INSERT INTO roster.journal (at, actor, action, node, outcome, sentence)
                    SELECT now(), 'operator', 'hold', 'pg-' || i % 7 || ':5432', 'ordered', 'line ' || i
                      FROM generate_series(1, 10000) i""");
            long total = Long.parseLong(cluster.coordinator().query("SELECT count(*) FROM roster.journal"));
            List<Long> read = new ArrayList<>();
            String before = "";
            for (JsonNode page = page(roster, before); !page.isEmpty(); page = page(roster, before)) {
                page.forEach(entry -> read.add(entry.path("id").asLong()));
                before = "&before=" + read.getLast();
            }

            assertThat(read).hasSize((int) total).doesNotHaveDuplicates();
            assertThat(read).isSortedAccordingTo((a, b) -> Long.compare(b, a));
            assertThat(json(roster, "/api/v1/journal?node=PG-3&limit=1000").path("entries"))
                    .hasSize(1000)
                    .allSatisfy(
                            entry -> assertThat(entry.path("actor").asText()).isEqualTo("operator"));
            assertThat(json(roster, "/api/v1/journal").path("entries")).hasSize(100);
        }
    }

    /** As it is after the first worker had the cluster for itself; the second may join from now on. */
    private void allShardsAreOnTheFirstWorker() throws Exception {
        Map<String, String> alone = new HashMap<>(settings);
        alone.put("ROSTER_STATIC_WORKERS", address(cluster.worker(1)));
        try (RosterProcess roster = RosterProcess.start(folder, alone)) {
            roster.awaitMembers(1);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator().execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
            roster.terminate();
        }
        assertThat(shardsOn(1)).isEqualTo("4");
    }

    private String shardsOn(int worker) {
        return cluster.coordinator()
                .query("SELECT count(*) FROM pg_dist_placement JOIN pg_dist_node USING (groupid) WHERE nodeport = "
                        + cluster.worker(worker).port());
    }

    private String nodes() {
        return cluster.coordinator().query("SELECT count(*) FROM pg_dist_node WHERE groupid > 0");
    }

    private static JsonNode page(RosterProcess roster, String before) throws Exception {
        return json(roster, "/api/v1/journal?limit=1000" + before).path("entries");
    }

    private static JsonNode json(RosterProcess roster, String path) throws IOException, InterruptedException {
        return JSON.readTree(roster.get(path));
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
