/**
 * Finds workers among the containers of one compose project on one Docker engine. {@link
 * dev.roster.discovery.docker.DockerDiscovery} owns the loop that looks, {@link dev.roster.discovery.docker.EventStream} the
 * thread that listens; an event only asks for another look, and what the container list says is what counts. The wire is
 * docker-java's transport, asked in plain JSON: its typed commands start threads of their own that cannot be ended while
 * an engine withholds its answer, and read fields that engines have dropped.
 */
@NullMarked
package dev.roster.discovery.docker;

import org.jspecify.annotations.NullMarked;
