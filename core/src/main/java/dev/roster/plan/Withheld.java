package dev.roster.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * An action that a filter took out of the plan.
 *
 * @param action what would have been done
 * @param filter the filter's name, such as {@code mass-departure}
 * @param reason why it was withheld and what would release it
 * @param until when it will be released by time alone; empty if time does not release it
 */
public record Withheld(Action action, String filter, String reason, Optional<Instant> until) {}
