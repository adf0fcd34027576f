package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoopbackAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "db.localhost",
                "127.0.0.1",
                "127.0.1.1",
                "127.255.255.254",
                "127.1",
                "127.0.11",
                "::1",
                "0:0:0:0:0:0:0:1"
            })
    void meansAnotherServerOnEveryMachine(String host) {
        assertThat(new HostPort(host, 5432).isLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.example.com",
                "127.0.0.1.example.com",
                "127.0.0.256",
                "128.0.0.1",
                "localhost.example.com",
                "::2"
            })
    void anythingElseDoesNot(String host) {
        assertThat(new HostPort(host, 5432).isLoopback()).isFalse();
    }
}
