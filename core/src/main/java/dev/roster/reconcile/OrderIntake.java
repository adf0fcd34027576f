package dev.roster.reconcile;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sightings;
import dev.roster.identity.ProbeHistory;
import dev.roster.identity.ProbeRequest;
import dev.roster.plan.Action;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.Orders;
import dev.roster.plan.PlanSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Judges the orders that wait and writes down what stands. Used by the thread that runs the passes. */
final class OrderIntake {

    /** So that of the orders of one pass, too, it is known which came first. */
    private static final Duration APART = Duration.ofNanos(1_000);

    private final EnginePorts ports;
    private final PlanSettings settings;
    private final ProbeHistory history;
    private final OrderDesk desk;

    OrderIntake(EnginePorts ports, PlanSettings settings, ProbeHistory history, OrderDesk desk) {
        this.ports = ports;
        this.settings = settings;
        this.history = history;
        this.desk = desk;
    }

    /** Takes them in the order in which they came, each judged by what stands after the one before; the cluster as it is then. */
    ClusterSnapshot take(ClusterSnapshot before, Sightings sightings, Memory memory, Instant now)
            throws CoordinatorUnavailable {
        List<OrderDesk.Waiting> waiting = desk.take();
        ClusterSnapshot cluster = before;
        Instant at = now;
        for (OrderDesk.Waiting each : waiting) {
            if (each.answer().isDone()) {
                continue; // whoever asked has given up waiting
            }
            try {
                askFirst(each.order(), new Observation(cluster, sightings, history.latest(), memory), at);
                OrderAnswer answer = orders(new Observation(cluster, sightings, history.latest(), memory), at)
                        .judge(each.order());
                if (answer instanceof OrderAnswer.Accepted accepted) {
                    ports.catalog().record(accepted.changes());
                    cluster = ports.catalog().snapshot();
                    at = at.plus(APART);
                }
                each.answer().complete(answer);
            } catch (CoordinatorUnavailable e) {
                waiting.forEach(one -> one.answer().completeExceptionally(e));
                throw e;
            }
        }
        return cluster;
    }

    /** Turns what Roster itself wants, and no filter withholds, into an order; the next pass begins it. */
    void order(Action.StartRebalance wish, Observation seen, Instant now) throws CoordinatorUnavailable {
        ports.catalog().record(orders(seen, now).wished(wish));
    }

    private void askFirst(Order order, Observation seen, Instant now) throws CoordinatorUnavailable {
        List<ProbeRequest> asked = orders(seen, now).askFirst(order).stream()
                .map(address ->
                        new ProbeRequest(address, ProbeRequest.Depth.CANDIDATE, relationAt(seen.cluster(), address)))
                .toList();
        if (!asked.isEmpty()) {
            history.note(asked, ports.probe().probe(asked), seen.cluster(), seen.sightings());
        }
    }

    private Orders orders(Observation seen, Instant now) {
        return new Orders(seen, settings, now, Orders.Previews.by(ports.catalog()));
    }

    private static Optional<String> relationAt(ClusterSnapshot cluster, HostPort address) {
        return cluster.nodeAt(address)
                .flatMap(node -> cluster.placementsOf(node.group()).sampleRelation());
    }
}
