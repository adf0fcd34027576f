package dev.roster.citus;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.Identity;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Setting the coordinator's own address. Citus does not look whether it answers there ({@code citus_set_coordinator_host},
 * CITUS.md section 2), so this does.
 */
final class CoordinatorAddressChange {

    private static final String REMEDY =
            "set ROSTER_COORDINATOR_ADVERTISED to the address at which workers reach the coordinator";

    private final Session session;
    private final ErrorCatalogue catalogue;

    CoordinatorAddressChange(Session session, ErrorCatalogue catalogue) {
        this.session = session;
        this.catalogue = catalogue;
    }

    NodeChange.Result make(Action.SetCoordinatorAddress action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<HostPort> registered = before.coordinator().map(Node::address);
        if (registered.equals(Optional.of(action.address()))) {
            return new NodeChange.Result.Already("The coordinator is registered as " + action.address() + " already");
        }
        if (!registered.equals(action.previous())) {
            return new NodeChange.Result.Outdated("The coordinator's address is "
                    + registered.map(HostPort::toString).orElse("not registered") + " by now");
        }
        NodeCalls.setCoordinatorHost(session, action.address());
        session.forgetWarnings();
        requireItself(action.address(), Json.required(before.self(), "system"));
        NodeId node = NodeCalls.before(session, List.of(), List.of())
                .coordinator()
                .map(Node::id)
                .orElseThrow(() -> new SQLException("the coordinator has no row after it was set", "XX000"));
        return new NodeChange.Result.Done(node, GroupId.COORDINATOR);
    }

    private void requireItself(HostPort address, String ownIdentifier) throws SQLException, RefusedException {
        Optional<Identity> said = NodeCalls.identityOf(session, address);
        if (said.isPresent() && !said.get().systemIdentifier().equals(ownIdentifier)) {
            throw NodeRefusals.because(
                    address, Situation.BAD_ADDRESS, "another server answers there than this coordinator", REMEDY);
        }
        if (said.isEmpty() && !NodeCalls.canConnect(session, address) && !refusesLoginOnly(address)) {
            String words = session.warnings().isEmpty()
                    ? "no answer"
                    : session.warnings().getLast().message();
            throw NodeRefusals.because(
                    address,
                    Situation.BAD_ADDRESS,
                    "the coordinator does not reach itself there (" + words + ")",
                    REMEDY);
        }
    }

    /** A refused login shows that somebody answers there, and Citus itself needs that login only for some commands. */
    private boolean refusesLoginOnly(HostPort address) {
        if (session.warnings().isEmpty()) {
            return false;
        }
        Warned last = session.warnings().getLast();
        Refusal why = catalogue.refusal(
                address, "a connection", new SQLException(last.message(), last.sqlState()), session.warnings());
        return why.situation() == Situation.LOGIN_REFUSED;
    }
}
