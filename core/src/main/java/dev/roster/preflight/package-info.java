/**
 * Whether a cluster has what Citus needs, looked at from every side at once: what the coordinator and each node say of
 * themselves and of each other ({@link dev.roster.preflight.Facts}), and what follows from it
 * ({@link dev.roster.preflight.Preflight}).
 */
@NullMarked
package dev.roster.preflight;

import org.jspecify.annotations.NullMarked;
