/**
 * Where workers are looked for: the SPI that a discovery plug-in implements ({@link
 * dev.roster.discovery.WorkerDiscoveryProvider}), what one source answers ({@link dev.roster.discovery.Sighting}), and the
 * merging of several sources. A plug-in sees only this module; the engine never sees a plug-in's own types.
 */
@NullMarked
package dev.roster.discovery;

import org.jspecify.annotations.NullMarked;
