package dev.roster.plan;

import dev.roster.cluster.Node;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.OrderAnswer.Accepted;
import dev.roster.plan.OrderAnswer.Standing;
import java.util.List;
import java.util.Optional;

/** Judges who takes an order back: which one is meant, and whether it can be. */
final class Cancellations {

    private final Overview overview;
    private final OrderNames names;

    Cancellations(Overview overview, OrderNames names) {
        this.overview = overview;
        this.names = names;
    }

    OrderAnswer judge(Order.Cancel cancel) {
        List<Intent> found = overview.cluster().ledger().intents().stream()
                .filter(intent -> isAbout(intent, cancel.name()))
                .toList();
        if (found.stream().anyMatch(intent -> intent.stage() != Stage.DONE)) {
            found = found.stream()
                    .filter(intent -> intent.stage() != Stage.DONE)
                    .toList();
        }
        if (found.size() > 1) {
            return OrderNames.ambiguous(
                    cancel.name(), found.stream().map(Intent::address).toList());
        }
        if (found.isEmpty()) {
            Optional<OrderAnswer> assisted = endAssisting(cancel);
            if (assisted.isPresent()) {
                return assisted.get();
            }
            boolean known = !names.nodes(cancel.name()).isEmpty()
                    || !names.workers(cancel.name()).isEmpty();
            return known ? new Standing("No order stands for " + cancel.name()) : OrderNames.unknown(cancel.name());
        }
        Intent intent = found.getFirst();
        if (cancel.kind().filter(kind -> kind != intent.kind()).isPresent()) {
            return OrderRefusals.notPossible(
                    IntentSentences.ordered(intent) + " stands for it, which is another order",
                    "cancel the " + intent.kind().word());
        }
        if (intent.stage() == Stage.CANCELLED) {
            return new Standing(IntentSentences.ordered(intent) + " is cancelled already");
        }
        if (intent.kind() == Kind.REPLACE && intent.stage() == Stage.RUNNING) {
            return OrderRefusals.notPossible(
                    IntentSentences.ordered(intent) + " has begun, and cannot be taken back",
                    "let it end; if the new server is lost too, order roster replace with another one");
        }
        String sentence = IntentSentences.ordered(intent) + " of " + intent.address() + " cancelled by " + cancel.by();
        return new Accepted(
                sentence,
                List.of(
                        new LedgerChange.CancelIntent(intent.subject()),
                        LedgerChange.Append.line(
                                overview.now,
                                cancel.by(),
                                intent.kind().word(),
                                Optional.of(intent.address()),
                                "cancelled",
                                sentence)));
    }

    /** Where no order stands, Roster takes a member back that it left to somebody else. */
    private Optional<OrderAnswer> endAssisting(Order.Cancel cancel) {
        return overview.cluster().ledger().interferences().stream()
                .filter(each -> each.assists(overview.now) && cancel.kind().isEmpty())
                .filter(each -> Names.match(cancel.name(), each.address(), names.at(each.address())))
                .findFirst()
                .map(each -> {
                    String sentence = "Roster looks after " + each.address() + " again, by order of " + cancel.by()
                            + "; if it is changed twice more, Roster assists again";
                    return new Accepted(
                            sentence,
                            List.of(
                                    new LedgerChange.LiftInterference(each.system()),
                                    LedgerChange.Append.line(
                                            overview.now,
                                            cancel.by(),
                                            "other-writer",
                                            Optional.of(each.address()),
                                            "cancelled",
                                            sentence)));
                });
    }

    private boolean isAbout(Intent intent, String name) {
        if (intent.kind() == Kind.REBALANCE) {
            return false;
        }
        Optional<Node> node = intent.node().flatMap(overview.cluster()::node);
        return node.map(row -> Names.match(name, row.address(), names.of(row)))
                .orElseGet(() ->
                        Names.match(name, intent.address(), intent.address().host()));
    }
}
