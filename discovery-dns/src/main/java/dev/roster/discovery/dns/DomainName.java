package dev.roster.discovery.dns;

import java.util.Optional;

/** The rules for a name that can be looked up (RFC 1035 section 2.3.4), with the underscore that SRV and compose names use. */
final class DomainName {

    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    private DomainName() {}

    /**
     * Why this name cannot be looked up, as words that follow the name; empty if nothing speaks against it.
     *
     * @param name the name, without a trailing dot
     */
    static Optional<String> fault(String name) {
        if (name.isEmpty()) {
            return Optional.of("which is empty");
        }
        for (String label : name.split("\\.", -1)) {
            if (label.isEmpty()) {
                return Optional.of("which has an empty label (two dots in a row, or one at its start)");
            }
            Optional<String> badCharacter = badCharacter(label);
            if (badCharacter.isPresent()) {
                return badCharacter;
            }
            if (label.length() > MAX_LABEL) {
                return Optional.of("whose label '" + label + "' is longer than " + MAX_LABEL + " octets");
            }
        }
        return name.length() > MAX_NAME
                ? Optional.of("which is " + name.length() + " octets long; a name has at most " + MAX_NAME)
                : Optional.empty();
    }

    /** Why this part of a name cannot be in one: DNS itself allows more, but no host is named so. */
    static Optional<String> badCharacter(String part) {
        return part.codePoints()
                .filter(c -> !isNameCharacter(c))
                .mapToObj(c -> c <= ' '
                        ? "which has a blank in it"
                        : "which has the character '" + Character.toString(c)
                                + "' in it; a name is made of letters, digits, '-', '_' and dots"
                                + (c > 0x7f ? " (write an international name in its xn-- form)" : ""))
                .findFirst();
    }

    private static boolean isNameCharacter(int c) {
        return "-_.".indexOf(c) >= 0 || (c < 0x80 && Character.isLetterOrDigit(c));
    }

    /** The name without the one trailing dot that marks it as complete. */
    static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** Whether a name lies in a domain, ignoring case. */
    static boolean isWithin(String name, String domain) {
        return name.length() > domain.length()
                && name.regionMatches(true, name.length() - domain.length(), domain, 0, domain.length())
                && name.charAt(name.length() - domain.length() - 1) == '.';
    }
}
