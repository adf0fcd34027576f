/**
 * The scene of {@code ./roster demo}: a Citus cluster on this machine, the whole service in this process, and a person (or a
 * script) who stops, restarts, adds, wipes and removes workers while Roster answers. Not in the image.
 */
@NullMarked
package dev.roster.demo;

import org.jspecify.annotations.NullMarked;
