package dev.roster.cluster;

import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.LedgerChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** What the contract suites of a person's orders share: the coordinator has its row, and orders stand in the ledger. */
public abstract class OrderContract extends CatalogContract {

    static final String PERSON = "Jo's hand";

    @BeforeEach
    void register() throws CoordinatorUnavailable {
        registerCoordinator();
    }

    /** The order as a person gives it, not yet in the ledger. */
    Intent order(Kind kind, HostPort worker, TransferMode mode, Optional<HostPort> other)
            throws CoordinatorUnavailable {
        Node node = nodeAt(worker);
        return Intent.ordered(
                kind,
                Optional.of(node.id()),
                worker,
                memberOf(node).identity(),
                node.shouldHaveShards(),
                mode,
                other,
                PERSON,
                Instant.parse("2030-01-01T00:00:00Z"));
    }

    Intent given(Intent order) throws CoordinatorUnavailable {
        catalog.record(List.of(new LedgerChange.GiveIntent(order)));
        return order;
    }

    RebalanceJob job(Intent running) throws CoordinatorUnavailable {
        return catalog.snapshot().rebalances().stream()
                .filter(job -> running.job().filter(id -> id == job.id()).isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** The class' time limit bounds it. */
    RebalanceJob awaitEnd(Intent running) throws CoordinatorUnavailable {
        RebalanceJob seen = job(running);
        while (seen.state().isActive()) {
            stage.letShardsMove();
            seen = job(running);
        }
        return seen;
    }
}
