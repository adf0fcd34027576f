package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fault in what the DNS source is told stops the start with one line that names the key, the value, and what is accepted. */
class DnsFaultsIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            worker{1..20     | has an opening brace without a closing one
            worker{20..1}    | runs backwards; write {1..20}
            w{1..1000000}    | has 1000000 values; a range has at most 1000
            worker1,,worker2 | has an empty pattern
            """)
    void aPatternThatCannotBeRead(String pattern, String fault) throws Exception {
        assertThat(faults(Map.of("ROSTER_DNS_PATTERNS", pattern)))
                .singleElement()
                .asString()
                .startsWith("  ROSTER_DNS_PATTERNS is '" + pattern + "', ")
                .contains(fault + "; accepted: names with ranges and lists");
    }

    @Test
    void aNameThatIsTooLong() throws Exception {
        String label = "a".repeat(64);
        assertThat(faults(Map.of("ROSTER_DNS_PATTERNS", label)))
                .singleElement()
                .asString()
                .contains("'" + label + "' is longer than 63 octets; accepted: ");

        String name = String.join(".", "a".repeat(60), "b".repeat(60), "c".repeat(60), "d".repeat(60), "worker1");
        assertThat(faults(Map.of("ROSTER_DNS_PATTERNS", "worker2", "ROSTER_DNS_DOMAIN", name)))
                .singleElement()
                .asString()
                .contains("roster.dns.domain", "a name has at most 253");
    }

    @Test
    void noPatternAtAll() throws Exception {
        assertThat(faults(Map.of("ROSTER_DNS_PATTERNS", "")))
                .singleElement()
                .asString()
                .contains("roster.dns.patterns is not set", "; accepted: ");
    }

    @Test
    void everyFaultHasItsLine() throws Exception {
        assertThat(faults(Map.of(
                        "ROSTER_DNS_PATTERNS", "worker{1..20}",
                        "ROSTER_DNS_DOMAIN", "rail way.internal",
                        "ROSTER_DNS_SERVERS", "10.0.0.2,0.0.0.0",
                        "ROSTER_DNS_WORKER_PORT", "0",
                        "ROSTER_DNS_INTERVAL", "soon")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("ROSTER_DNS_DOMAIN is 'rail way.internal'", "; accepted: domains"),
                        line -> assertThat(line)
                                .contains("ROSTER_DNS_SERVERS is '10.0.0.2,0.0.0.0'", "not the address of one server")
                                .contains("; accepted: host[:port]"),
                        line -> assertThat(line)
                                .contains("ROSTER_DNS_WORKER_PORT is '0'", "; accepted: a port from 1 to 65535"),
                        line -> assertThat(line).contains("ROSTER_DNS_INTERVAL is 'soon'", "; accepted: "));
    }

    /** The lines below the first with which {@code serve} ends. */
    private List<String> faults(Map<String, String> settings) throws Exception {
        Map<String, String> environment = new TreeMap<>(settings);
        environment.put("CITUS_HOST", "master");
        environment.put("ROSTER_DISCOVERY", "dns");
        try (RosterProcess roster = RosterProcess.start(folder, environment, "serve")) {
            assertThat(roster.exitCode()).as(roster.output()).isEqualTo(2);
            List<String> lines = roster.output().lines().toList();
            assertThat(lines.getFirst()).startsWith("Roster cannot start, its configuration has ");
            return lines.subList(1, lines.size());
        }
    }
}
