package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
    void whoListensDoesNotHoldUpTheEnd() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings);
                HttpClient client = HttpClient.newHttpClient()) {
            roster.awaitMembers(1);
            InputStream stream = listen(client, roster, Map.of()).body();
            String told = new String(stream.readNBytes(200), StandardCharsets.UTF_8);

            int exitCode = roster.terminate();

            assertThat(told).contains("event:status");
            assertThat(exitCode).isEqualTo(143);
            awaitEnd(stream);
            assertThat(roster.output()).contains("Roster has ended").doesNotContain("ERROR", "Exception");
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

    /** Reads until it ends; the last chunk may be cut off with the connection. */
    private static void awaitEnd(InputStream stream) {
        try {
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("closed");
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
