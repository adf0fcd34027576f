package dev.roster.app.settings;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * The texts of the configuration as they were written. They are taken from the sources themselves, highest first, because
 * SmallRye would expand <code>${...}</code>, which may well stand in a password.
 */
final class ConfigTexts {

    private final List<ConfigSource> sources = new ArrayList<>();

    ConfigTexts(SmallRyeConfig config) {
        config.getConfigSources().forEach(sources::add);
    }

    /**
     * What was written for a key.
     *
     * @param key a property such as {@code roster.mode}, or a variable such as {@code CITUS_HOST}
     */
    Optional<Written> find(String key) {
        for (ConfigSource source : sources) {
            String value = source.getValue(key);
            if (value != null) {
                return Optional.of(new Written(nameIn(source, key), value, false));
            }
        }
        return Optional.empty();
    }

    /** As {@link #find}, an empty or blank text counting as not written: compose files pass on unset variables so. */
    Optional<Written> findFilled(String key) {
        return find(key).filter(written -> !written.value().isBlank());
    }

    /** All environment variables. */
    Map<String, String> environment() {
        return sources.stream()
                .filter(EnvConfigSource.class::isInstance)
                .findFirst()
                .map(ConfigSource::getProperties)
                .orElse(Map.of());
    }

    /** The names of all properties with this prefix that were not written as environment variables. */
    Set<String> propertyNames(String prefix) {
        Set<String> names = new TreeSet<>();
        for (ConfigSource source : sources) {
            if (!(source instanceof EnvConfigSource)) {
                source.getPropertyNames().stream()
                        .filter(name -> name.startsWith(prefix))
                        .forEach(names::add);
            }
        }
        return names;
    }

    private static String nameIn(ConfigSource source, String key) {
        return source instanceof EnvConfigSource ? DeclaredKey.environmentName(key) : key;
    }
}
