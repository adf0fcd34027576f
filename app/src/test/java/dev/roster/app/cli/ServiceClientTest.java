package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceClientTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8080",
                "ftp://localhost",
                "http://",
                "http://a b",
                "http://127.0.0.1:99999",
                "http://127.0.0.1:8080?x=1",
                "http://127.0.0.1:8080/#here"
            })
    void whatIsNoServerIsNamedWithWhatIs(String url) {
        assertThatThrownBy(() -> ServiceClient.of(url, _ -> Optional.empty()))
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCodes.USAGE))
                .hasMessage("--server is '" + url + "'; accepted: a URL such as http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "with blank", "schlüssel", "\u0007"})
    void aTokenThatNoHeaderCanCarryIsNotShown(String token) {
        assertThatThrownBy(() -> ServiceClient.of("http://127.0.0.1:1", _ -> Optional.of(token)))
                .hasMessageContaining("visible ASCII")
                .hasMessageNotContaining(token);
    }

    @Test
    void nobodyThereIsOneSentenceWithARemedy() throws Exception {
        ServiceClient client = ServiceClient.of("http://127.0.0.1:1/", _ -> Optional.empty());

        assertThatThrownBy(() -> client.get("/api/v1/status"))
                .isInstanceOfSatisfying(
                        CommandFailed.class,
                        failed -> assertThat(failed.exitCode()).isEqualTo(ExitCodes.UNREACHABLE))
                .hasMessage("No Roster answers at http://127.0.0.1:1; start one with 'roster serve', or name it with"
                        + " --server");
    }
}
