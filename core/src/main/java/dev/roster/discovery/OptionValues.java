package dev.roster.discovery;

import java.util.Map;
import java.util.Optional;

/**
 * The values of a plug-in's options, already parsed.
 *
 * @param values the parsed value of every option that is set or has a default
 */
public record OptionValues(Map<Option<?>, Object> values) {

    public OptionValues {
        values = Map.copyOf(values);
    }

    /** The value of an option that may be left out. */
    @SuppressWarnings("unchecked") // the value was made by this very option's parser
    public <T> Optional<T> find(Option<T> option) {
        return Optional.ofNullable((T) values.get(option));
    }

    /**
     * The value of an option that has a default.
     *
     * @throws IllegalStateException if it has none, which is a fault of the plug-in
     */
    public <T> T get(Option<T> option) {
        return find(option).orElseThrow(() -> new IllegalStateException("no value for option " + option.key()));
    }
}
