/**
 * Workers found by looking up names: patterns with ranges ({@link dev.roster.discovery.dns.NamePattern}), SRV records, and
 * Swarm's {@code tasks.NAME}. One scan asks everything at once with a cap ({@link dev.roster.discovery.dns.Scan}); the kinds
 * of answer stay apart until {@link dev.roster.discovery.dns.Findings} makes a sighting of them, since only a name that both
 * address families deny is absent. Only {@link dev.roster.discovery.dns.NettyTransport} knows the DNS library.
 */
@NullMarked
package dev.roster.discovery.dns;

import org.jspecify.annotations.NullMarked;
