/**
 * From what people wrote to what the engine reads: the declared keys, the peers' variables, the options of plug-ins. All of
 * it is checked before anything starts, and every fault is told at once, each in one line. No class here knows CDI, so that
 * the commands that run in process and the service read the same settings.
 */
@NullMarked
package dev.roster.app.settings;

import org.jspecify.annotations.NullMarked;
