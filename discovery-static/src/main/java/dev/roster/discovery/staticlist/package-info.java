/**
 * Workers named in a list in the configuration. The list says only where workers are supposed to be, so every one is
 * sighted with unknown health and the engine's probe decides; being off the list is no proof of being gone.
 */
@NullMarked
package dev.roster.discovery.staticlist;

import org.jspecify.annotations.NullMarked;
