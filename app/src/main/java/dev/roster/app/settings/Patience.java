package dev.roster.app.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * How long something is put up with.
 *
 * @param limit how long; empty: for ever
 */
public record Patience(Optional<Duration> limit) {}
