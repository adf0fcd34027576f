/**
 * The turn of the loop: one pass observes, plans, filters, acts, and reports; the reconciler owns the thread that repeats
 * it, the backoff of refused nodes, what is remembered between passes, and leadership.
 */
@NullMarked
package dev.roster.reconcile;

import org.jspecify.annotations.NullMarked;
