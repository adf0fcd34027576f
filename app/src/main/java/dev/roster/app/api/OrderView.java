package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The answer to an order that was not refused.
 *
 * @param answer {@code accepted}, or {@code standing} if there was nothing to do
 * @param sentence what is so, and what happens next
 */
@RegisterForReflection
public record OrderView(String answer, String sentence) {

    static OrderView accepted(String sentence) {
        return new OrderView("accepted", sentence);
    }

    static OrderView standing(String sentence) {
        return new OrderView("standing", sentence);
    }
}
