package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of the packaged application. */
class StreamIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 1, UnaryOperator.identity());
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void whoListensIsToldTheEndAndDoesNotHoldItUp() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings);
                Socket socket = new Socket()) {
            roster.awaitMembers(1);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), roster.port()));
            socket.getOutputStream()
                    .write("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream stream = socket.getInputStream();
            String told = new String(stream.readNBytes(1_000), StandardCharsets.UTF_8);

            int exitCode = roster.terminate();

            assertThat(told).contains("event:status");
            assertThat(exitCode).isEqualTo(143);
            String rest = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).as("the last chunk").endsWith("\r\n0\r\n\r\n");
            assertThat(roster.output()).contains("Roster has ended").doesNotContain("ERROR", "Exception");
        }
    }

    @Test
    void aClientThatLeavesIsNothingToTell() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(1);
            for (int i = 0; i < 5; i++) {
                try (HttpClient client = HttpClient.newHttpClient()) {
                    assertThat(listen(client, roster, Map.of()).body().readNBytes(200))
                            .isNotEmpty();
                    client.shutdownNow();
                }
            }

            eventually().until(() -> roster.get("/q/metrics").contains("roster_stream_clients 0.0"));
            assertThat(roster.output()).doesNotContain("ERROR", "Exception");
        }
    }

    @Test
    void whereReadingNeedsTheTokenTheStreamDoes() throws Exception {
        settings.put("ROSTER_API_TOKEN", "s3cret");
        settings.put("ROSTER_API_READS", "token");
        try (RosterProcess roster = RosterProcess.start(folder, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            roster.awaitReady();

            assertThat(listen(client, roster, Map.of()).statusCode()).isEqualTo(401);
            assertThat(listen(client, roster, Map.of("Authorization", "Bearer wrong"))
                            .statusCode())
                    .isEqualTo(401);
            HttpResponse<InputStream> right = listen(client, roster, Map.of("Authorization", "Bearer s3cret"));
            assertThat(right.statusCode()).isEqualTo(200);
            right.body().close();
        }
    }

    private static HttpResponse<InputStream> listen(
            HttpClient client, RosterProcess roster, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(roster.server() + "/api/v1/stream"));
        headers.forEach(request::header);
        return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }
}
