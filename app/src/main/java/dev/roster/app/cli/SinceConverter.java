package dev.roster.app.cli;

import dev.roster.app.settings.DurationText;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A point in time: as such, or as how long ago it was. */
final class SinceConverter implements ITypeConverter<Instant> {

    private final InstantSource clock;

    /** For picocli. */
    SinceConverter() {
        this(InstantSource.system());
    }

    SinceConverter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant convert(String value) {
        DurationText duration = new DurationText();
        try {
            return OffsetDateTime.parse(value.strip()).toInstant();
        } catch (DateTimeParseException e) {
            // then it is a duration
        }
        try {
            Instant time = clock.instant().minus(duration.read(value));
            return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time; // PostgreSQL's time begins later than Java's
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("is '" + value + "'; accepted: " + duration.accepted()
                    + ", or a time such as 2026-01-31T12:00:00Z");
        }
    }
}
