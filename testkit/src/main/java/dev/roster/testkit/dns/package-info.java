/**
 * DNS servers for tests, on loopback and on ports chosen at run time: {@link dev.roster.testkit.dns.Dnsmasq} is a real one,
 * {@link dev.roster.testkit.dns.ScriptedDnsServer} does what no real one does on demand: fail, delay, stay silent, cut off.
 */
@NullMarked
package dev.roster.testkit.dns;

import org.jspecify.annotations.NullMarked;
