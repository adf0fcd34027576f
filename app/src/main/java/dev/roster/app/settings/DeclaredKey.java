package dev.roster.app.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One key of {@link RosterConfig}, read off its declaration.
 *
 * @param name the key, such as {@code roster.pass.interval}
 * @param defaultValue its default; empty if it may be left out
 * @param text how its value is read and what is accepted; empty for a list of words that is checked elsewhere
 * @param declaredBy the method, for the reference page
 */
record DeclaredKey(String name, Optional<String> defaultValue, Optional<Text<?>> text, Method declaredBy) {

    /** All keys, ordered by name. */
    static List<DeclaredKey> all() {
        List<DeclaredKey> keys = new ArrayList<>();
        String prefix = RosterConfig.class.getAnnotation(ConfigMapping.class).prefix();
        collect(prefix, RosterConfig.class, keys);
        keys.sort(Comparator.comparing(DeclaredKey::name));
        return List.copyOf(keys);
    }

    /** The environment's form of a key: {@code ROSTER_PASS_INTERVAL}. */
    static String environmentName(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Whether its value is never printed; it is read and checked on its own. */
    boolean isSecret() {
        return text.filter(TokenText.class::isInstance).isPresent();
    }

    /** What is wrong with a value of this key; empty if nothing is. */
    Optional<Fault> fault(Written written) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            text.get().read(written.value());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Fault.refused(written, text.get().accepted()));
        }
    }

    private static void collect(String prefix, Class<?> group, List<DeclaredKey> into) {
        for (Method method : group.getDeclaredMethods()) {
            String name = prefix + "." + hyphenated(method.getName());
            Class<?> type = method.getReturnType();
            if (type.isInterface() && type.getEnclosingClass() == RosterConfig.class) {
                collect(name, type, into);
            } else {
                WithDefault fallback = method.getAnnotation(WithDefault.class);
                into.add(new DeclaredKey(
                        name, Optional.ofNullable(fallback).map(WithDefault::value), textOf(method), method));
            }
        }
    }

    private static Optional<Text<?>> textOf(Method method) {
        WithConverter named = method.getAnnotation(WithConverter.class);
        if (named != null) {
            return Optional.of(instantiate(named));
        }
        Class<?> type = method.getReturnType();
        if (type == Boolean.class) {
            return Optional.of(new BooleanText());
        }
        Object[] constants = type.getEnumConstants();
        return constants == null ? Optional.empty() : Optional.of(new EnumText(List.of(constants)));
    }

    private static Text<?> instantiate(WithConverter named) {
        try {
            return (Text<?>) named.value().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(named.value() + " needs a public constructor without parameters", e);
        }
    }

    static String hyphenated(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
