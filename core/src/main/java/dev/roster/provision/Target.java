package dev.roster.provision;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.util.Optional;

/** Whose database a script is carried out in. */
public sealed interface Target {

    /** Where it is reached. */
    HostPort address();

    /** The ledger's key. */
    String key();

    /** Whose data it is, as {@code system_identifier}; empty text if nobody could tell ({@code probe.mode=off}). */
    String system();

    /** Which of the two scripts it gets, as the key is called. */
    String script();

    /**
     * The coordinator.
     *
     * @param address where it was reached
     * @param system its {@code system_identifier}
     */
    record Coordinator(HostPort address, String system) implements Target {

        @Override
        public String key() {
            return "coordinator";
        }

        @Override
        public String script() {
            return "coordinator-sql";
        }
    }

    /**
     * A member.
     *
     * @param node its row
     * @param group its group
     * @param address its registered address
     * @param identity whose data it is; empty after blind adding
     */
    record Member(NodeId node, GroupId group, HostPort address, Optional<Identity> identity) implements Target {

        @Override
        public String key() {
            return "node " + node.value();
        }

        @Override
        public String system() {
            return identity.map(Identity::systemIdentifier).orElse("");
        }

        @Override
        public String script() {
            return "worker-sql";
        }
    }
}
