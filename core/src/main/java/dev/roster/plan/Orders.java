package dev.roster.plan;

import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalancePreview;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.OrderAnswer.Accepted;
import dev.roster.plan.OrderAnswer.Refused;
import dev.roster.plan.OrderAnswer.Standing;
import dev.roster.plan.OrderAnswer.Why;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges what a person orders on what was just observed: what would lose data, make no sense, or cannot work is refused
 * before anything is changed. Pure but for the preview it may ask for.
 */
public final class Orders {

    private final Overview overview;
    private final OrderRefusals refusals;
    private final RebalanceOrders rebalances;
    private final ReplaceJudge replaceJudge;
    private final OrderNames names;
    private final Cancellations cancellations;

    /** Finds out what an order would do. */
    public interface Previews {

        /**
         * What the drain of this node would do.
         *
         * @throws CoordinatorUnavailable if the coordinator could not be asked
         */
        DrainPreview ofDrain(Node node) throws CoordinatorUnavailable;

        /**
         * What a rebalance would do.
         *
         * @throws CoordinatorUnavailable if the coordinator could not be asked
         */
        RebalancePreview ofRebalance() throws CoordinatorUnavailable;

        /**
         * What the replacement of this node's server would lose.
         *
         * @throws CoordinatorUnavailable if the coordinator could not be asked
         */
        LossPreview ofLoss(Node node) throws CoordinatorUnavailable;

        /** Those that the coordinator gives. */
        static Previews by(CoordinatorCatalog catalog) {
            return new Previews() {
                @Override
                public DrainPreview ofDrain(Node node) throws CoordinatorUnavailable {
                    return catalog.previewDrain(node);
                }

                @Override
                public RebalancePreview ofRebalance() throws CoordinatorUnavailable {
                    return catalog.previewRebalance();
                }

                @Override
                public LossPreview ofLoss(Node node) throws CoordinatorUnavailable {
                    return catalog.previewLoss(node);
                }
            };
        }
    }

    /**
     * Judges on one observation.
     *
     * @param seen what was observed
     * @param settings what may be done at all
     * @param now the time
     * @param previews asked once for each drain, rebalance or replacement
     */
    public Orders(Observation seen, PlanSettings settings, Instant now, Previews previews) {
        this.overview = new Overview(seen, settings, now);
        this.refusals = new OrderRefusals(overview, previews);
        this.rebalances = new RebalanceOrders(overview, previews);
        this.replaceJudge = new ReplaceJudge(overview, previews);
        this.names = new OrderNames(overview);
        this.cancellations = new Cancellations(overview, names);
    }

    /**
     * What becomes of an order.
     *
     * @throws CoordinatorUnavailable if a preview was needed and could not be had
     */
    public OrderAnswer judge(Order order) throws CoordinatorUnavailable {
        if (overview.settings.mode() == PlanSettings.Mode.OBSERVE) {
            return new Refused(
                    Why.NOT_POSSIBLE,
                    "Roster only observes (roster.mode=observe)",
                    "start it with roster.mode=manage to let it carry out orders");
        }
        Optional<CoordinatorDoubt> doubt = overview.cluster().doubt();
        if (doubt.isPresent() && !(order instanceof Order.AcceptCoordinator) && !(order instanceof Order.Cancel)) {
            return OrderRefusals.notPossible(doubt.get().sentence(), CoordinatorDoubt.REMEDY);
        }
        return switch (order) {
            case Order.Give give -> give(give);
            case Order.Cancel cancel -> cancellations.judge(cancel);
            case Order.Rebalance rebalance -> rebalances.judge(rebalance);
            case Order.StopRebalance stop -> rebalances.judge(stop);
            case Order.AcceptCoordinator accept -> accept(accept, doubt);
        };
    }

    /**
     * What becomes of a rebalance that Roster wants by itself since workers joined, judged as if a person had ordered it.
     *
     * @param start what was planned and is withheld no longer
     * @return what is written down of it: the order, or that there is none; in any case it is not wanted again
     * @throws CoordinatorUnavailable if the preview could not be had
     */
    public List<LedgerChange> wished(Action.StartRebalance start) throws CoordinatorUnavailable {
        return rebalances.wish(start.reason());
    }

    private OrderAnswer accept(Order.AcceptCoordinator order, Optional<CoordinatorDoubt> doubt) {
        if (doubt.isEmpty()) {
            return new Standing("Nothing to accept: no server that answers knows more than the coordinator"
                    + overview.cluster()
                            .ledger()
                            .doubt()
                            .flatMap(CoordinatorDoubt::acceptance)
                            .map(before -> ", but for what was accepted by " + before.by() + " at " + before.at())
                            .orElse(""));
        }
        String sentence = "Coordinator accepted as it is by " + order.by() + ", although "
                + doubt.get().evidence() + "; Roster acts again";
        return new Accepted(
                sentence,
                List.of(
                        new LedgerChange.PutDoubt(doubt.get().accepted(order.by(), overview.now)),
                        LedgerChange.Append.line(
                                overview.now, order.by(), order.name(), Optional.empty(), "accepted", sentence)));
    }

    /** Servers of which an answer from a moment ago is wanted before the order is judged: who just died may have answered since. */
    public List<HostPort> askFirst(Order order) {
        if (!(order instanceof Order.Give give)
                || give.kind() != Kind.REPLACE
                || !overview.settings.probe().isOn()) {
            return List.of();
        }
        List<Node> nodes = names.nodes(give.name());
        return nodes.size() == 1 ? replaceJudge.concerned(nodes.getFirst()) : List.of();
    }

    private OrderAnswer give(Order.Give give) throws CoordinatorUnavailable {
        List<Node> nodes = names.nodes(give.name());
        if (nodes.size() > 1) {
            return OrderNames.ambiguous(
                    give.name(), nodes.stream().map(Node::address).toList());
        }
        if (nodes.size() == 1) {
            return forNode(give, nodes.getFirst());
        }
        return give.kind() == Kind.HOLD ? holdWorker(give) : withoutNode(give);
    }

    private OrderAnswer withoutNode(Order.Give give) {
        return names.workers(give.name()).isEmpty()
                ? OrderNames.unknown(give.name())
                : new Refused(
                        Why.NOT_POSSIBLE,
                        "Worker " + give.name() + " is not a node of the cluster",
                        "roster status tells why it has not joined; only hold can be ordered for it");
    }

    private OrderAnswer holdWorker(Order.Give give) {
        List<Worker> workers = names.workers(give.name());
        if (workers.size() != 1) {
            return workers.isEmpty()
                    ? OrderNames.unknown(give.name())
                    : OrderNames.ambiguous(
                            give.name(), workers.stream().map(Worker::address).toList());
        }
        HostPort address = workers.getFirst().address();
        Intent intent = Intent.ordered(
                Kind.HOLD,
                Optional.empty(),
                address,
                overview.answer(address).map(ServerReport::identity),
                true,
                give.mode(),
                Optional.empty(),
                give.by(),
                overview.now);
        return standing(intent.subject())
                .map(stands -> conflict(stands, give))
                .orElseGet(() -> accepted(intent, List.of(), "it is left alone until the order is cancelled"));
    }

    private OrderAnswer forNode(Order.Give give, Node node) throws CoordinatorUnavailable {
        if (NodeRows.isNeverTouched(node)) {
            return new Refused(
                    Why.NOT_POSSIBLE,
                    node.isCoordinator()
                            ? "Node " + node.address() + " is the coordinator"
                            : "Node " + node.address() + " is a clone",
                    "Roster never changes that row");
        }
        Optional<Intent> stands = overview.intentFor(node);
        if (stands.isPresent() && !mayBeGivenAnew(stands.get(), give)) {
            return conflict(stands.get(), give);
        }
        if (give.kind() == Kind.REPLACE && node.role() != NodeRole.SECONDARY) {
            return replace(give, node, stands);
        }
        if (node.role() == NodeRole.SECONDARY && !isForSecondaries(give.kind())) {
            return OrderRefusals.notPossible(
                    "Node " + node.address() + " is a secondary, which holds nothing of its own",
                    "roster remove " + node.address() + " takes its row out; its primary's is another");
        }
        if (give.kind() == Kind.FOLLOW) {
            return follow(give, node);
        }
        Optional<Refused> refused = switch (give.kind()) {
            case DRAIN -> refusals.ofDrain(give, node);
            case REMOVE -> node.role() == NodeRole.SECONDARY ? Optional.empty() : refusals.ofRemoval(node);
            case ACTIVATE, FOLLOW, HOLD, REBALANCE, REPLACE -> Optional.empty();
        };
        if (refused.isPresent()) {
            return refused.get();
        }
        if (give.kind() == Kind.ACTIVATE && node.isActive()) {
            return new Standing("Node " + node.address() + " is active already");
        }
        return accept(give, node, stands, Optional.empty());
    }

    private static boolean isForSecondaries(Kind kind) {
        return switch (kind) {
            case HOLD, ACTIVATE, REMOVE -> true;
            case DRAIN, FOLLOW, REPLACE, REBALANCE -> false;
        };
    }

    /** A drain that was given up, or a replacement whose new server is lost in turn. */
    private static boolean mayBeGivenAnew(Intent stands, Order.Give give) {
        return (stands.stage() == Stage.FAILED && give.kind() == Kind.DRAIN)
                || (stands.stage() == Stage.RUNNING && stands.kind() == Kind.REPLACE && give.kind() == Kind.REPLACE);
    }

    private OrderAnswer replace(Order.Give give, Node node, Optional<Intent> begun) throws CoordinatorUnavailable {
        return switch (replaceJudge.judge(give, node, names.of(node))) {
            case ReplaceJudge.Refusal(Refused refused) -> refused;
            case ReplaceJudge.Target(Worker target, LossPreview loss) -> {
                Intent intent = Intent.ordered(
                        Kind.REPLACE,
                        Optional.of(node.id()),
                        node.address(),
                        overview.member(node.id()).flatMap(Member::identity),
                        node.shouldHaveShards(),
                        give.mode(),
                        Optional.of(target.address()),
                        give.by(),
                        overview.now);
                yield accept(intent, node, begun.isPresent(), IntentSentences.takesThePlace(target.address(), loss));
            }
        };
    }

    private OrderAnswer follow(Order.Give give, Node node) {
        String name = give.target().orElse("");
        List<HostPort> targets = Stream.concat(
                        names.workers(name).stream().map(Worker::address),
                        names.nodes(name).stream()
                                .filter(other -> !other.id().equals(node.id()))
                                .map(Node::address))
                .toList();
        if (targets.size() != 1) {
            return targets.isEmpty() ? OrderNames.unknown(name) : OrderNames.ambiguous(name, targets);
        }
        HostPort to = targets.getFirst();
        Optional<String> hindrance = new OrderedFollow(overview).hindrance(node, to);
        return hindrance.isPresent()
                ? OrderRefusals.notPossible(
                        "Node " + node.address() + " cannot follow to " + to + ": " + hindrance.get(),
                        "mend that, then order again")
                : accept(give, node, Optional.empty(), Optional.of(to));
    }

    private OrderAnswer accept(Order.Give give, Node node, Optional<Intent> failed, Optional<HostPort> target) {
        Intent intent = Intent.ordered(
                give.kind(),
                Optional.of(node.id()),
                node.address(),
                identityOf(node),
                failed.map(Intent::shouldHaveShards).orElse(node.shouldHaveShards()),
                give.mode(),
                target,
                give.by(),
                overview.now);
        Placements carried = overview.cluster().placementsOf(node.group());
        String next = switch (give.kind()) {
            case DRAIN ->
                carried.distributed() == 0
                        ? "no shards are on it, so it is removed"
                        : "its " + carried.distributed()
                                + " distributed placements move to other nodes, then it is removed";
            case REMOVE -> "it is removed";
            case ACTIVATE -> "it is activated as soon as its server answers" + droppedCopies(carried);
            case FOLLOW -> "its row follows" + target.map(to -> " to " + to).orElse("") + ", nodeid and shards stay";
            case HOLD -> "it is left alone until the order is cancelled";
            case REBALANCE -> throw new IllegalArgumentException("a rebalance is for no single node");
            case REPLACE -> throw new IllegalStateException("a replacement is judged by itself");
        };
        return accept(intent, node, failed.isPresent(), next);
    }

    private OrderAnswer accept(Intent intent, Node node, boolean anew, String next) {
        List<LedgerChange> first = new ArrayList<>();
        if (anew) {
            first.add(new LedgerChange.UpdateIntent(intent));
        }
        if (overview.member(node.id()).isPresent()) {
            return accepted(intent, first, next);
        }
        first.add(new LedgerChange.PutMember(adopted(node, intent.identity())));
        return accepted(intent, first, next + "; it was unmanaged, and is adopted for this");
    }

    /** What Citus does on the way (docs/citus.md section 12), which a person should know who waives row 15's filter. */
    private static String droppedCopies(Placements carried) {
        int replicated = carried.distributed() - carried.soleDistributed();
        return replicated == 0
                ? ""
                : "; Citus then drops its " + replicated + " replicated shard placements, which leaves single copies";
    }

    private Accepted accepted(Intent intent, List<LedgerChange> first, String next) {
        String sentence = IntentSentences.ordered(intent) + " of " + intent.address() + ": " + next;
        List<LedgerChange> changes = new ArrayList<>(first);
        if (first.stream().noneMatch(LedgerChange.UpdateIntent.class::isInstance)) {
            changes.add(new LedgerChange.GiveIntent(intent));
        }
        changes.add(journal(intent.orderedBy(), intent, "ordered", sentence));
        return new Accepted(sentence, changes);
    }

    private LedgerChange journal(String actor, Intent intent, String outcome, String sentence) {
        return LedgerChange.Append.line(
                overview.now, actor, intent.kind().word(), Optional.of(intent.address()), outcome, sentence);
    }

    private Member adopted(Node node, Optional<Identity> identity) {
        return new Member(
                node.id(),
                node.group(),
                node.address(),
                identity,
                Origin.ADOPTED,
                overview.sightingOf(node).map(Worker::scope),
                overview.now,
                Optional.empty(),
                false,
                Set.of());
    }

    /** A secondary has its primary's data, so an order for it is bound to its address. */
    private Optional<Identity> identityOf(Node node) {
        return node.role() == NodeRole.SECONDARY
                ? Optional.empty()
                : overview.member(node.id())
                        .flatMap(Member::identity)
                        .or(() -> overview.answer(node.address())
                                .filter(report -> report.localGroup().equals(node.group()))
                                .map(ServerReport::identity));
    }

    private static OrderAnswer conflict(Intent stands, Order.Give give) {
        if (stands.stage() == Stage.CANCELLED) {
            return new Refused(
                    Why.NOT_POSSIBLE,
                    IntentSentences.ordered(stands) + " was cancelled and is being put back",
                    "wait a moment, then order again");
        }
        return stands.kind() == give.kind()
                ? new Standing(IntentSentences.ordered(stands) + " stands already", Optional.of(stands))
                : new Refused(
                        Why.NOT_POSSIBLE,
                        IntentSentences.ordered(stands) + " stands for it",
                        "cancel that order first");
    }

    private Optional<Intent> standing(String subject) {
        return overview.cluster().ledger().intents().stream()
                .filter(intent -> intent.subject().equals(subject))
                .findFirst();
    }
}
