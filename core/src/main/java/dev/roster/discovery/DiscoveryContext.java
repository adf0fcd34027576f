package dev.roster.discovery;

import java.time.InstantSource;

/**
 * What the engine gives a source when it makes it.
 *
 * @param options the parsed options
 * @param clock the time of sightings
 * @param defaultPort the PostgreSQL port of a worker that names none
 */
public record DiscoveryContext(OptionValues options, InstantSource clock, int defaultPort) {}
