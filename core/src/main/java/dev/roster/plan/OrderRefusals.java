package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.plan.OrderAnswer.Refused;
import dev.roster.plan.OrderAnswer.Why;
import java.util.List;
import java.util.Optional;

/** What would lose rows, or cannot work, and is refused before anything is changed. */
final class OrderRefusals {

    private static final int TABLES_NAMED = 5;

    private final Overview overview;
    private final Orders.Previews previews;

    OrderRefusals(Overview overview, Orders.Previews previews) {
        this.overview = overview;
        this.previews = previews;
    }

    /** Why a removal is not possible. */
    Optional<Refused> ofRemoval(Node node) {
        Placements carried = overview.cluster().placementsOf(node.group());
        return carried.hasSoleCopies()
                ? Optional.of(new Refused(
                        Why.LOSES_DATA,
                        "Node " + node.address() + " holds the only copy of "
                                + (carried.soleDistributed() + carried.soleReference()) + " shards",
                        "order a drain, which moves them away first"
                                + (isSilent(node)
                                        ? "; if its server is lost for good: roster replace " + node.address()
                                                + " --with OTHER"
                                        : "")))
                : Optional.empty();
    }

    private boolean isSilent(Node node) {
        return overview.probe(node.address())
                .filter(ProbeResult.Failed.class::isInstance)
                .isPresent();
    }

    /** Why a drain is not possible; Citus is asked last. */
    Optional<Refused> ofDrain(Order.Give give, Node node) throws CoordinatorUnavailable {
        ClusterSnapshot cluster = overview.cluster();
        if (cluster.placementsOf(node.group()).isEmptyEnoughToRemove()) {
            return Optional.empty();
        }
        if (!node.isActive()) {
            return Optional.of(notPossible("Node " + node.address() + " is inactive", "activate it first"));
        }
        Optional<String> obstacle = DrainObstacles.of(node, cluster);
        if (obstacle.isPresent()) {
            return Optional.of(notPossible("The drain of " + node.address() + " is not possible", obstacle.get()));
        }
        if (overview.settings.probe().isOn() && overview.answer(node.address()).isEmpty()) {
            return Optional.of(notPossible(
                    "The server of " + node.address() + " does not answer, so its shards cannot be copied",
                    "start it again with its data, then drain it"));
        }
        DrainPreview preview = previews.ofDrain(node);
        return unmovable(give, node, preview)
                .or(() -> preview.refusal()
                        .map(refusal -> notPossible(
                                "Citus refuses the drain of " + node.address() + ": " + refusal.sentence(),
                                refusal.remedy())));
    }

    private static Optional<Refused> unmovable(Order.Give give, Node node, DrainPreview preview) {
        if (give.mode() == TransferMode.BLOCK_WRITES) {
            return Optional.empty();
        }
        if (preview.walLevel().filter(level -> !level.equals("logical")).isPresent()) {
            return Optional.of(notPossible(
                    "wal_level is " + preview.walLevel().get() + " on " + node.address()
                            + ", so shards cannot be copied while they are written",
                    "set wal_level=logical there and restart it, or drain with the mode block_writes"));
        }
        List<String> tables = preview.tablesWithoutIdentity();
        return tables.isEmpty() || give.mode() == TransferMode.FORCE_LOGICAL
                ? Optional.empty()
                : Optional.of(notPossible(
                        "These tables have neither a primary key nor a replica identity: "
                                + Names.some(tables, TABLES_NAMED),
                        "add a primary key, or drain with the mode block_writes (writers wait while a shard is copied) or"
                                + " force_logical (updates and deletes of those tables fail meanwhile)"));
    }

    static Refused notPossible(String sentence, String remedy) {
        return new Refused(Why.NOT_POSSIBLE, sentence, remedy);
    }
}
