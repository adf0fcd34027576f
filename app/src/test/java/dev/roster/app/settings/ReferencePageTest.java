package dev.roster.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.WorkerDiscoveryProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Also the command that refreshes the page: run it with {@code -Droster.refresh=true}. */
class ReferencePageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/configuration.md");
    private static final Path DECLARATION = ROOT.resolve("app/src/main/java/dev/roster/app/settings/RosterConfig.java");

    private final List<DeclaredKey> keys = DeclaredKey.all();
    private final List<WorkerDiscoveryProvider> providers = new SettingsReader().providers();

    @Test
    void docsConfigurationSaysWhatTheDeclarationsSay() throws IOException {
        String page = new ReferencePage(DECLARATION).text(keys, providers);
        if (Boolean.getBoolean("roster.refresh")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md; its first lines say how to refresh it")
                .isEqualTo(page);
    }

    @Test
    void everyKeyIsDocumented() throws IOException {
        String page = new ReferencePage(DECLARATION).text(keys, providers);

        assertThat(page.lines().filter(line -> line.endsWith("|  |"))).isEmpty();
    }

    @Test
    void namesAndDefaultsStayWhatPeopleWroteIntoTheirFiles() {
        List<String> declared = new ArrayList<>();
        keys.forEach(key -> declared.add(key.name() + "=" + key.defaultValue().orElse("")));

        assertThat(declared.stream().collect(Collectors.joining("\n"))).isEqualTo("""
                        roster.api.local-token-file=
                        roster.api.reads=open
                        roster.api.token=
                        roster.api.token-file=
                        roster.coordinator.advertised=
                        roster.coordinator.port=5432
                        roster.departure.grace=5m
                        roster.departure.remove=certain
                        roster.disable.after=never
                        roster.discovery=docker
                        roster.follow.force-after=never
                        roster.follow.interval=5s
                        roster.follow.max-lag=1MB
                        roster.ledger=database
                        roster.log.json=false
                        roster.mode=manage
                        roster.pass.interval=30s
                        roster.probe.max-age=60s
                        roster.probe.mode=coordinator
                        roster.probe.timeout=3s
                        roster.provision.coordinator-sql=
                        roster.provision.create-extension=false
                        roster.provision.minimum-workers=1
                        roster.provision.timeout=60s
                        roster.provision.worker-sql=
                        roster.ready-file=
                        roster.rebalance.on-join=never
                        roster.replace.copy-limit=150s
                        roster.run=forever
                        roster.secondaries=ignore""");
    }
}
