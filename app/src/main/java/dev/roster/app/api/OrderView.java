package dev.roster.app.api;

import dev.roster.ledger.Intent;
import dev.roster.plan.OrderAnswer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;

/**
 * The answer to an order that was not refused.
 *
 * @param answer {@code accepted}, or {@code standing} if there was nothing to do
 * @param sentence what is so, and what happens next
 * @param order the order that stands now; left out if none does
 */
@RegisterForReflection
public record OrderView(String answer, String sentence, Optional<Given> order) {

    /**
     * By what an order is told from others, here and in {@code GET /api/v1/orders}.
     *
     * @param kind as there
     * @param node the address it was given for
     * @param since when it was given
     */
    @RegisterForReflection
    public record Given(String kind, String node, Instant since) {}

    static OrderView of(OrderAnswer.Accepted accepted) {
        return new OrderView("accepted", accepted.sentence(), accepted.intent().map(OrderView::given));
    }

    static OrderView of(OrderAnswer.Standing standing) {
        return new OrderView("standing", standing.sentence(), standing.intent().map(OrderView::given));
    }

    /** A wish that is not kept as an order. */
    static OrderView accepted(String sentence) {
        return new OrderView("accepted", sentence, Optional.empty());
    }

    private static Given given(Intent intent) {
        return new Given(intent.kind().word(), intent.address().toString(), intent.orderedAt());
    }
}
