/**
 * What a server says of itself: its {@code system_identifier} and the facts beside it that tell a server from its copies,
 * asked by probes. Which servers need to be asked is decided here too; asking is the port
 * {@link dev.roster.identity.ServerProbe}, implemented by the package {@code citus}.
 */
@NullMarked
package dev.roster.identity;

import org.jspecify.annotations.NullMarked;
