/**
 * A Citus cluster in containers of a real Docker engine, without a registry and without a network: an image with hardly
 * anything in it runs the host's own PostgreSQL from {@code /usr}, mounted read-only. {@link
 * dev.roster.testkit.docker.DockerCluster} is the compose project as an operator sees it, {@link
 * dev.roster.testkit.docker.SocketProxy} stands between Roster and the engine and misbehaves on demand.
 */
@NullMarked
package dev.roster.testkit.docker;

import org.jspecify.annotations.NullMarked;
