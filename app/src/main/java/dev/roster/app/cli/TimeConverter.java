package dev.roster.app.cli;

import dev.roster.app.settings.DurationText;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as in the configuration. */
final class TimeConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String value) {
        DurationText text = new DurationText();
        try {
            return text.read(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("is '" + value + "'; accepted: " + text.accepted());
        }
    }
}
