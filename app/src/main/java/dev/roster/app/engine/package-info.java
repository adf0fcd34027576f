/**
 * The composition root: builds the engine, its sources, and its connections from the settings, with plain Java. The service,
 * the commands that run in process, and the tests all build it here.
 */
@NullMarked
package dev.roster.app.engine;

import org.jspecify.annotations.NullMarked;
