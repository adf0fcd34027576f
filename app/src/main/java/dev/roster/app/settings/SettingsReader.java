package dev.roster.app.settings;

import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.plan.PlanSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Reads and checks all settings. Every fault is found before the first is told.
 */
public final class SettingsReader {

    /** Where the official compose file's other containers look for the ready file. */
    static final Path HEALTHCHECK_FOLDER = Path.of("/healthcheck");

    private final List<WorkerDiscoveryProvider> providers;
    private final Path healthcheckFolder;

    /** A reader that knows the plug-ins on the class path. */
    public SettingsReader() {
        this(
                ServiceLoader.load(WorkerDiscoveryProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList(),
                HEALTHCHECK_FOLDER);
    }

    SettingsReader(List<WorkerDiscoveryProvider> providers, Path healthcheckFolder) {
        this.providers = List.copyOf(providers);
        this.healthcheckFolder = healthcheckFolder;
    }

    /**
     * Reads what the sources of this configuration say.
     *
     * @throws InvalidConfiguration with every fault
     */
    public RosterSettings read(SmallRyeConfig config) {
        ConfigTexts texts = new ConfigTexts(config);
        List<Fault> faults = new ArrayList<>();
        List<DeclaredKey> declared = DeclaredKey.all();
        PluginOptions plugins = new PluginOptions(providers, texts, faults);

        faults.addAll(new UnknownKeys(known(declared, plugins)).faults(texts));
        RosterConfig keys = mapped(declared, texts, faults);
        CoordinatorAccess access = new PeerVariables(texts, faults)
                .access(keys.coordinator().port(), keys.coordinator().advertised());
        ApiAccess api = new ApiKeys(texts, faults).access(keys.api());
        ProvisionFiles provision = new ProvisionKeys(texts, faults).files(keys.provision());
        List<RosterSettings.Source> sources = plugins.sources(keys.discovery());

        if (!faults.isEmpty()) {
            throw new InvalidConfiguration(faults);
        }
        return settings(keys, access, api, provision, sources);
    }

    /** The providers on the class path, for the reference page. */
    List<WorkerDiscoveryProvider> providers() {
        return providers;
    }

    private static List<String> known(List<DeclaredKey> declared, PluginOptions plugins) {
        return Stream.concat(declared.stream().map(DeclaredKey::name), plugins.keys().stream())
                .toList();
    }

    /** The keys with the values that are good; a bad one leaves a fault and its default, so that the rest can be checked. */
    private static RosterConfig mapped(List<DeclaredKey> declared, ConfigTexts texts, List<Fault> faults) {
        Map<String, String> good = new HashMap<>();
        for (DeclaredKey key : declared) {
            if (key.isSecret()) {
                continue; // SmallRye would expand what looks like an expression
            }
            texts.findFilled(key.name()).ifPresent(written -> {
                Optional<Fault> fault = key.fault(written);
                fault.ifPresentOrElse(faults::add, () -> good.put(key.name(), written.value()));
            });
        }
        return new SmallRyeConfigBuilder()
                .withMapping(RosterConfig.class)
                .withSources(new PropertiesConfigSource(good, "checked", 100))
                .build()
                .getConfigMapping(RosterConfig.class);
    }

    private RosterSettings settings(
            RosterConfig keys,
            CoordinatorAccess access,
            ApiAccess api,
            ProvisionFiles provision,
            List<RosterSettings.Source> sources) {
        PlanSettings plan = new PlanSettings(
                keys.mode(),
                keys.run() == RosterConfig.Run.ONCE,
                new PlanSettings.Departure(
                        keys.departure().grace(),
                        PlanSettings.Departure.DEFAULTS.provenGrace(),
                        keys.departure().remove()),
                keys.disable().after().limit(),
                new PlanSettings.Probe(
                        keys.probe().mode() != RosterConfig.ProbeMode.OFF,
                        keys.probe().maxAge(),
                        PlanSettings.Probe.DEFAULTS.maxAgeToAct()),
                new PlanSettings.Coordinator(access.hosts(), access.advertised()),
                new PlanSettings.Follow(
                        keys.follow().forceAfter().limit(),
                        keys.follow().maxLag(),
                        keys.follow().interval()),
                keys.rebalance().onJoin(),
                keys.secondaries());
        return new RosterSettings(
                access,
                sources,
                plan,
                keys.pass().interval(),
                keys.probe().mode(),
                keys.probe().timeout(),
                keys.provision().createExtension(),
                keys.replace().copyLimit(),
                provision,
                keys.ledger(),
                keys.readyFile().or(this::defaultReadyFile),
                api,
                keys.run());
    }

    private Optional<Path> defaultReadyFile() {
        return Files.isDirectory(healthcheckFolder)
                ? Optional.of(healthcheckFolder.resolve("manager-ready"))
                : Optional.empty();
    }
}
