package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import java.util.Optional;

/**
 * The one state and one sentence of a worker or a node (law 8).
 *
 * @param name what people call it
 * @param address its address: the registered one for a node
 * @param node its row, if it has one
 * @param sighted whether a source sees it now
 * @param situation which row of the table it is in
 * @param sentence what is so, why, and what would change it
 */
public record Verdict(
        String name, HostPort address, Optional<NodeId> node, boolean sighted, Situation situation, String sentence) {}
