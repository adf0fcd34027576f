package dev.roster.app.settings;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.OptionValues;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code roster.discovery} and, for each source it names, the options that its plug-in declares. */
final class PluginOptions {

    private final List<WorkerDiscoveryProvider> providers;
    private final ConfigTexts texts;
    private final List<Fault> faults;

    PluginOptions(List<WorkerDiscoveryProvider> providers, ConfigTexts texts, List<Fault> faults) {
        this.providers = providers;
        this.texts = texts;
        this.faults = faults;
    }

    /** The keys of all plug-ins, in use or not. */
    List<String> keys() {
        return providers.stream()
                .flatMap(provider -> provider.options().stream().map(option -> key(provider, option)))
                .toList();
    }

    static String key(WorkerDiscoveryProvider provider, Option<?> option) {
        return "roster." + provider.type() + "." + option.key();
    }

    List<RosterSettings.Source> sources(List<String> types) {
        List<RosterSettings.Source> sources = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (String type : types) {
            Optional<WorkerDiscoveryProvider> provider = providers.stream()
                    .filter(known -> known.type().equalsIgnoreCase(type.strip()))
                    .findFirst();
            if (provider.isEmpty()) {
                faults.add(refusedDiscovery("names no source '" + type.strip() + "'"));
            } else if (!named.add(provider.get().type())) {
                faults.add(refusedDiscovery("names " + type.strip() + " twice"));
            } else {
                source(provider.get()).ifPresent(sources::add);
            }
        }
        return sources;
    }

    private Fault refusedDiscovery(String reason) {
        Written written = texts.find("roster.discovery").orElse(new Written("roster.discovery", "", false));
        String types =
                providers.stream().map(WorkerDiscoveryProvider::type).sorted().collect(Collectors.joining(", "));
        return Fault.refused(written, reason, types + "; several separated by commas");
    }

    private Optional<RosterSettings.Source> source(WorkerDiscoveryProvider provider) {
        int faultsBefore = faults.size();
        Map<Option<?>, Object> values = new HashMap<>();
        for (Option<?> option : provider.options()) {
            Optional<Written> written = texts.findFilled(key(provider, option));
            Optional<String> text = written.map(Written::value).or(option::defaultValue);
            try {
                text.ifPresent(value -> values.put(option, option.parser().apply(value)));
            } catch (IllegalArgumentException e) {
                Written shown = written.orElseThrow(() -> e);
                faults.add(Fault.refused(option.secret() ? shown.asSecret() : shown, reason(e), option.accepted()));
            }
        }
        if (faults.size() > faultsBefore) {
            return Optional.empty();
        }
        OptionValues options = new OptionValues(values);
        checkTogether(provider, options);
        return Optional.of(new RosterSettings.Source(provider, options));
    }

    private void checkTogether(WorkerDiscoveryProvider provider, OptionValues options) {
        try {
            provider.create(new DiscoveryContext(options, InstantSource.system(), RosterSettings.WORKER_PORT))
                    .close();
        } catch (IllegalArgumentException e) {
            faults.add(new Fault("roster." + provider.type(), reason(e)));
        }
    }

    private static String reason(IllegalArgumentException e) {
        return String.valueOf(e.getMessage());
    }
}
