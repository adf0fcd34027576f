package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/v1/orders}: what people ordered, while it stands, as of the last pass.
 *
 * @param orders each order
 * @param moves shards on their way, as {@code GET /api/v1/rebalance} tells it; left out if there is nothing to tell
 * @param at when this was seen; left out if the last pass could not see it, so that an order that is missing here may stand
 */
@RegisterForReflection
public record OrdersView(List<StandingOrder> orders, Optional<RebalanceView> moves, Optional<Instant> at) {}
