package dev.roster.app.settings;

import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads one kind of value, and says what it accepts. {@link #convert} is for SmallRye Config, which asks for an optional value
 * that is not set with an empty text, and wants the method declared in each class with its own type.
 *
 * @param <T> the kind of value
 */
interface Text<T> extends Converter<T> {

    /** What is accepted, in words that complete "accepted: ...". */
    String accepted();

    /**
     * Reads a value that is not blank.
     *
     * @throws IllegalArgumentException for anything that is not accepted, with words that follow the value
     */
    T read(String value);
}
