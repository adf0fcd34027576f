package dev.roster.plan;

import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * Whether the coordinator's own address must be set, and to what. Citus refuses workers while the coordinator's row says
 * localhost, and workers could not reach it there: where it is absent or loopback, it is set when a worker is about to join. And
 * it is set when the coordinator was replaced by another one of its hosts: where the row points, no coordinator is left.
 */
sealed interface CoordinatorAddress {

    /** The row is good as it is. */
    record Good() implements CoordinatorAddress {}

    /**
     * It has to be set first.
     *
     * @param action how
     */
    record ToSet(Action.SetCoordinatorAddress action) implements CoordinatorAddress {}

    /**
     * It has to be set, and Roster cannot know to what.
     *
     * @param sentence what a person has to say
     */
    record Unknown(String sentence) implements CoordinatorAddress {}

    /**
     * Whether the row names one of the coordinator's hosts, and another one of them is the coordinator now. An address that no
     * person named as the coordinator's is nobody's business here.
     */
    static boolean isOfReplacedCoordinator(CoordinatorState coordinator, PlanSettings settings) {
        return coordinator
                        .registered()
                        .filter(settings.coordinator().hosts()::contains)
                        .filter(old -> !old.equals(coordinator.dialed()))
                        .filter(old -> !settings.coordinator().advertised().equals(Optional.of(old)))
                        .isPresent()
                && !settings.coordinator()
                        .advertised()
                        .orElse(coordinator.dialed())
                        .isLoopback();
    }

    static CoordinatorAddress before(List<Action> actions, CoordinatorState coordinator, PlanSettings settings) {
        if (isOfReplacedCoordinator(coordinator, settings)) {
            return new ToSet(new Action.SetCoordinatorAddress(
                    settings.coordinator().advertised().orElse(coordinator.dialed()),
                    coordinator.registered(),
                    "another of its hosts is the coordinator now"));
        }
        List<HostPort> joining = actions.stream()
                .filter(CoordinatorAddress::joins)
                .map(Action::address)
                .toList();
        boolean needed = !joining.isEmpty()
                && coordinator.registered().map(HostPort::isLoopback).orElse(true);
        if (!needed) {
            return new Good();
        }
        HostPort address = settings.coordinator().advertised().orElse(coordinator.dialed());
        if (address.isLoopback()
                && (settings.coordinator().advertised().isEmpty()
                        || !joining.stream().allMatch(HostPort::isLoopback))) {
            return new Unknown("No worker can join: the coordinator is known to Roster only as " + address
                    + ", which means another server on every worker. Set ROSTER_COORDINATOR_ADVERTISED to the address at"
                    + " which workers reach the coordinator");
        }
        Optional<HostPort> registered = coordinator.registered();
        if (registered.filter(address::equals).isPresent()) {
            return new Good();
        }
        return new ToSet(new Action.SetCoordinatorAddress(
                address,
                registered,
                registered
                        .map(old -> "workers cannot reach the coordinator at " + old)
                        .orElse("it had no row, and workers are about to join")));
    }

    static boolean joins(Action action) {
        return action instanceof Action.AddNode || action instanceof Action.ReplaceEmptyNode;
    }
}
