/**
 * From what was observed to what should be done: the pure planner, its actions and verdicts, and the filters that withhold
 * an action with a reason. No clock, log, metric, or I/O is used here, and the same observation always gives the same plan.
 */
@NullMarked
package dev.roster.plan;

import org.jspecify.annotations.NullMarked;
