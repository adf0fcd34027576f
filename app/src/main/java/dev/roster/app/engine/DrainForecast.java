package dev.roster.app.engine;

import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalancePreview;
import dev.roster.ledger.Intent;
import dev.roster.plan.Observation;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.Orders;
import dev.roster.plan.PlanSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What would be answered to an order to drain, and what the drain would move. Nothing is ordered and nothing is changed.
 *
 * @param answer the answer to such an order
 * @param node which node it is about; empty if Citus was not asked, for which the answer says why
 * @param preview what Citus would move; empty if it was not asked
 * @param sizes bytes by {@code shardid} of what it would move; without those whose size is not known
 * @param seenAt when the nodes were observed by which it was judged
 */
public record DrainForecast(
        OrderAnswer answer,
        Optional<Node> node,
        Optional<DrainPreview> preview,
        Map<Long, Long> sizes,
        Instant seenAt) {

    public DrainForecast {
        sizes = Map.copyOf(sizes);
    }

    /**
     * Judges an order as the pass would have that saw this, at its time: what was fresh then counts as fresh. Keeps what was found
     * out for it.
     */
    static DrainForecast of(
            String name, Intent.TransferMode mode, Observation seen, PlanSettings settings, CoordinatorCatalog catalog)
            throws CoordinatorUnavailable {
        Asking asking = new Asking(catalog);
        Instant seenAt = seen.cluster().at();
        OrderAnswer answer = new Orders(seen, settings, seenAt, asking)
                .judge(new Order.Give(Intent.Kind.DRAIN, name, mode, "a preview"));
        Optional<DrainPreview> preview = Optional.ofNullable(asking.told);
        Map<Long, Long> sizes = preview.isEmpty()
                ? Map.of()
                : catalog.shardSizes(preview.get().moves().stream()
                        .map(DrainPreview.Move::shard)
                        .collect(Collectors.toSet()));
        return new DrainForecast(answer, Optional.ofNullable(asking.node), preview, sizes, seenAt);
    }

    /** Asks the catalog, and remembers what it said. */
    private static final class Asking implements Orders.Previews {

        private final CoordinatorCatalog catalog;
        private @Nullable Node node;
        private @Nullable DrainPreview told;

        Asking(CoordinatorCatalog catalog) {
            this.catalog = catalog;
        }

        @Override
        public DrainPreview ofDrain(Node wanted) throws CoordinatorUnavailable {
            DrainPreview preview = catalog.previewDrain(wanted);
            node = wanted;
            told = preview;
            return preview;
        }

        @Override
        public RebalancePreview ofRebalance() throws CoordinatorUnavailable {
            return catalog.previewRebalance();
        }

        @Override
        public LossPreview ofLoss(Node lost) throws CoordinatorUnavailable {
            return catalog.previewLoss(lost);
        }
    }
}
