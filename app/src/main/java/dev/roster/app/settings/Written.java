package dev.roster.app.settings;

/**
 * A value with the key under which a person wrote it.
 *
 * @param key the environment variable or the property, whichever was used
 * @param value the text, neither trimmed nor expanded
 * @param secret whether the text must never be printed
 */
record Written(String key, String value, boolean secret) {

    /** The value for a message. */
    String shown() {
        return secret ? Fault.MASK : value.isEmpty() ? "empty" : "'" + value + "'";
    }

    Written asSecret() {
        return new Written(key, value, true);
    }

    /** Never the value of a secret. */
    @Override
    public String toString() {
        return key + "=" + shown();
    }
}
