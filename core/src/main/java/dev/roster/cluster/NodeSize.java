package dev.roster.cluster;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node says of its own size and versions. Only for people to look at: no decision rests on it.
 *
 * @param node its row
 * @param address its registered address
 * @param bytes what its shards take on disk, with indexes and TOAST; empty if unknown, which is not zero
 * @param postgres {@code server_version}; empty if it did not answer
 * @param citus {@code extversion} of the extension; empty if it did not answer or has none
 * @param unknown why something is not known; empty if everything is
 */
public record NodeSize(
        NodeId node,
        HostPort address,
        OptionalLong bytes,
        Optional<String> postgres,
        Optional<String> citus,
        Optional<String> unknown) {

    /** A node of which nothing is known. */
    public static NodeSize unknown(Node node, String why) {
        return new NodeSize(
                node.id(), node.address(), OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.of(why));
    }
}
