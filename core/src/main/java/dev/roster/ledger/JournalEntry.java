package dev.roster.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of the journal: a change, or a refusal, told in one sentence.
 *
 * @param id increasing number; 0 before it is written
 * @param at when
 * @param actor who: {@code roster}, or a person
 * @param action the kind of action, such as {@code add}, as {@link dev.roster.plan.Action#kind()} says
 * @param node the address concerned, if one is
 * @param outcome {@code done}, {@code refused}, or {@code noted}
 * @param sentence what happened, to which node, and why
 */
public record JournalEntry(
        long id, Instant at, String actor, String action, Optional<String> node, String outcome, String sentence) {}
