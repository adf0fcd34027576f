/**
 * The Quarkus shell: makes the engine available to resources and health checks, starts and ends it with the application, and
 * turns what it tells into metrics. No decision is made here.
 */
@NullMarked
package dev.roster.app.service;

import org.jspecify.annotations.NullMarked;
