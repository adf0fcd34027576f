/**
 * Carries out the plan's actions through the coordinator port, one after another or several adds in one transaction, and
 * says what became of each. Retry is not decided here: a refusal goes to the backoff of the package {@code reconcile}.
 */
@NullMarked
package dev.roster.execute;

import org.jspecify.annotations.NullMarked;
