package dev.roster.discovery;

import java.util.Optional;
import java.util.function.Function;

/**
 * One setting of a discovery plug-in, declared as data. The application reads it under {@code roster.<type>.<key>}; the
 * same declaration feeds validation, the check for unknown keys, and {@code docs/configuration.md}.
 *
 * @param key the name after the plug-in's prefix, such as {@code interval}
 * @param defaultValue the text used when nothing is set; empty if the option may be left out altogether
 * @param accepted what is accepted, in words that complete "accepted: ...", such as {@code a duration like 15s or 2m}
 * @param documentation one or two sentences for the reference page
 * @param secret whether the value must never be printed
 * @param parser turns the text into the value; throws {@link IllegalArgumentException} with words that follow the value
 * @param <T> the type of the value
 */
public record Option<T>(
        String key,
        Optional<String> defaultValue,
        String accepted,
        String documentation,
        boolean secret,
        Function<String, T> parser) {

    /** An option that has a default. */
    public static <T> Option<T> withDefault(
            String key, String defaultValue, String accepted, String documentation, Function<String, T> parser) {
        return new Option<>(key, Optional.of(defaultValue), accepted, documentation, false, parser);
    }

    /** An option that may be left out. */
    public static <T> Option<T> optional(
            String key, String accepted, String documentation, Function<String, T> parser) {
        return new Option<>(key, Optional.empty(), accepted, documentation, false, parser);
    }
}
