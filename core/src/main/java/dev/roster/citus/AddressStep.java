package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.plan.Action.Move;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One call of {@code citus_update_node}. An address belongs to one row at a time, so rows that stand in each other's place go
 * by way of a temporary address (docs/citus.md section 3).
 *
 * @param node whose row
 * @param to its next address
 */
record AddressStep(NodeId node, HostPort to) {

    /** The steps of all moves, in an order in which each address is free when its turn comes. */
    static List<AddressStep> of(List<Move> moves) {
        List<AddressStep> steps = new ArrayList<>();
        List<Move> left = new ArrayList<>(moves);
        Set<HostPort> occupied = new HashSet<>();
        left.forEach(move -> occupied.add(move.node().address()));
        while (!left.isEmpty()) {
            Optional<Move> free = left.stream()
                    .filter(move -> !occupied.contains(move.to())
                            || move.to().equals(move.node().address()))
                    .findFirst();
            if (free.isPresent()) {
                Move move = free.get();
                steps.add(new AddressStep(move.node().id(), move.to()));
                occupied.remove(move.node().address());
                left.remove(move);
            } else {
                // The last one: in a switchover to a secondary that is the secondary, which nobody writes to.
                Node aside = left.getLast().node();
                steps.add(new AddressStep(aside.id(), temporary(aside.id())));
                occupied.remove(aside.address());
            }
        }
        return List.copyOf(steps);
    }

    /** Unique, resolved by nobody, and gone before the transaction ends. */
    private static HostPort temporary(NodeId node) {
        return new HostPort("unavailable-" + node.value(), 1);
    }
}
