package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.plan.OrderAnswer.Refused;
import dev.roster.plan.OrderAnswer.Why;
import java.util.List;

/** Whom people mean by a name in an order, and what they are told if that is nobody or several. */
final class OrderNames {

    private final Overview overview;

    OrderNames(Overview overview) {
        this.overview = overview;
    }

    /** The nodes that may be meant, whether they are sighted or not. */
    List<Node> nodes(String written) {
        return overview.cluster().nodes().stream()
                .filter(node -> Names.match(written, node.address(), of(node)))
                .toList();
    }

    /** The sighted workers without a node that may be meant. */
    List<Worker> workers(String written) {
        return overview.unregistered().stream()
                .filter(worker -> Names.match(written, worker.address(), worker.name()))
                .toList();
    }

    /** What people call a node: as its source does, or as {@link Overview#nameOf} says where nobody sights it. */
    String of(Node node) {
        return overview.sightingOf(node).map(Worker::name).orElseGet(() -> overview.nameOf(node));
    }

    /** What people call whatever has this address. */
    String at(HostPort address) {
        return overview.cluster()
                .nodeAt(address)
                .map(this::of)
                .or(() -> overview.seen.sightings().at(address).map(Worker::name))
                .orElseGet(address::host);
    }

    static Refused unknown(String name) {
        return new Refused(
                Why.UNKNOWN_NAME, "No worker or node is called '" + name + "'", "roster status lists their names");
    }

    static Refused ambiguous(String name, List<HostPort> choices) {
        return new Refused(
                Why.AMBIGUOUS_NAME,
                "Several are called '" + name + "'",
                "say which: "
                        + String.join(
                                ", ",
                                choices.stream()
                                        .map(HostPort::toString)
                                        .sorted()
                                        .toList()));
    }
}
