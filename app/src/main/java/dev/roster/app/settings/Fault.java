package dev.roster.app.settings;

/**
 * One thing wrong with the configuration.
 *
 * @param key the key as the person wrote it: the environment variable or the property
 * @param line the whole line, naming key, value (a secret masked), and what is accepted
 */
public record Fault(String key, String line) {

    /** What stands in place of a secret. */
    static final String MASK = "***";

    /** A value that is not accepted. */
    static Fault refused(Written written, String accepted) {
        return new Fault(written.key(), written.key() + " is " + written.shown() + "; accepted: " + accepted);
    }

    /** A value that is not accepted, with the reason in words that follow the value. */
    static Fault refused(Written written, String reason, String accepted) {
        return new Fault(
                written.key(),
                written.key() + " is " + written.shown() + ", which " + reason + "; accepted: " + accepted);
    }

    /** A key that must be set and is not. */
    static Fault missing(String key, String why, String accepted) {
        return new Fault(key, key + " is not set, and " + why + "; accepted: " + accepted);
    }

    @Override
    public String toString() {
        return line;
    }
}
