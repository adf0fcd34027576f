/**
 * Situations that must end well, each on a real Docker engine with real PostgreSQL in the containers, in an operator's
 * words. One class for each theme; {@link dev.roster.app.situations.Situations} holds what they share.
 */
@NullMarked
package dev.roster.app.situations;

import org.jspecify.annotations.NullMarked;
