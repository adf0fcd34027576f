package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Setting the coordinator's own address. Citus does not look whether it answers there ({@code citus_set_coordinator_host},
 * docs/citus.md section 2), so this does; and an address at which the coordinator still answers is not given up for another one.
 *
 * <p>The coordinator itself is asked to connect to both addresses: as with every probe, its resolver and its route are nearer
 * to those of the workers than Roster's own are.
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

    /** Who answers at an address, as far as the coordinator can tell. */
    private enum There {
        ITSELF,
        ANOTHER_SERVER,
        /** Somebody who refuses the login; Citus itself needs that login only for some commands. */
        REFUSES_LOGIN,
        NOBODY
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
        if (registered.isPresent() && !action.previousIsOfNoUse()) {
            HostPort old = registered.get();
            There there = whoIsAt(old, before.self());
            if (there == There.ITSELF) {
                return new NodeChange.Result.Outdated("The coordinator still answers at " + old
                        + ", where its row points, so the row stays; to be asked no more, set"
                        + " ROSTER_COORDINATOR_ADVERTISED to the address that is wanted");
            }
            if (there == There.REFUSES_LOGIN) {
                throw NodeRefusals.because(
                        action.address(),
                        Situation.LOGIN_REFUSED,
                        "a server at " + old + ", where the coordinator's row points, refuses the coordinator's"
                                + " login, and may be the coordinator itself",
                        "if it is, set ROSTER_COORDINATOR_ADVERTISED to " + old
                                + "; if it is not, stop that server, or let the coordinator log in there");
            }
        }
        NodeCalls.setCoordinatorHost(session, action.address());
        session.forgetWarnings();
        requireItself(action.address(), before.self());
        NodeId node = NodeCalls.before(session, List.of(), List.of())
                .coordinator()
                .map(Node::id)
                .orElseThrow(() -> new SQLException("the coordinator has no row after it was set", "XX000"));
        return new NodeChange.Result.Done(node, GroupId.COORDINATOR);
    }

    private void requireItself(HostPort address, JsonNode self) throws SQLException, RefusedException {
        switch (whoIsAt(address, self)) {
            case ITSELF, REFUSES_LOGIN -> {}
            case ANOTHER_SERVER ->
                throw NodeRefusals.because(
                        address, Situation.BAD_ADDRESS, "another server answers there than this coordinator", REMEDY);
            case NOBODY ->
                throw NodeRefusals.because(
                        address,
                        Situation.BAD_ADDRESS,
                        "the coordinator does not reach itself there ("
                                + lastWarning().map(Warned::message).orElse("no answer") + ")",
                        REMEDY);
        }
    }

    /** A standby of the coordinator has its identifier, so the start time decides, too. */
    private There whoIsAt(HostPort address, JsonNode self) throws SQLException {
        JsonNode said = NodeCalls.serverAt(session, address);
        if (!said.isNull()) {
            boolean itself = Json.required(said, "system").equals(Json.required(self, "system"))
                    && Json.instant(Json.required(said, "started"))
                            .equals(Json.instant(Json.required(self, "started")));
            return itself ? There.ITSELF : There.ANOTHER_SERVER;
        }
        session.forgetWarnings();
        if (NodeCalls.canConnect(session, address)) {
            return There.ANOTHER_SERVER; // one that can be connected to, and knows no Citus
        }
        return refusesLogin(address) ? There.REFUSES_LOGIN : There.NOBODY;
    }

    private boolean refusesLogin(HostPort address) {
        return lastWarning()
                .map(last -> catalogue.refusal(
                        address, "a connection", new SQLException(last.message(), last.sqlState()), session.warnings()))
                .map(Refusal::situation)
                .filter(why -> why == Situation.LOGIN_REFUSED)
                .isPresent();
    }

    private Optional<Warned> lastWarning() {
        return session.warnings().isEmpty()
                ? Optional.empty()
                : Optional.of(session.warnings().getLast());
    }
}
