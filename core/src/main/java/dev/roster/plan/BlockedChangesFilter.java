package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.identity.ProbeResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * While an active primary does not answer the coordinator, or lacks the metadata, Citus changes no other node, and each try
 * holds {@code pg_dist_node} for the connect timeout. So one change is tried, in case the probe is wrong, and the rest waits;
 * when that trial is refused, the backoff holds the whole class until the next. Adopting calls nobody, and what cures a dead
 * node is never held up by one.
 */
final class BlockedChangesFilter implements Filter {

    private final Once<List<Culprit>> culprits;
    private boolean tried;

    /** A node that hinders all others. */
    private record Culprit(HostPort address, String trouble) {}

    BlockedChangesFilter(Observation seen, PlanSettings settings, Instant now) {
        culprits = new Once<>(() -> culprits(seen, now.minus(settings.probe().maxAge())));
    }

    private static List<Culprit> culprits(Observation seen, Instant oldest) {
        return seen.cluster().nodes().stream()
                .filter(node -> node.isActivePrimary() && !node.isCoordinator())
                .flatMap(node -> culprit(node, seen, oldest).stream())
                .toList();
    }

    private static Optional<Culprit> culprit(Node node, Observation seen, Instant oldest) {
        if (seen.probes().get(node.address()) instanceof ProbeResult.Failed failed
                && !failed.failure().showsLife()
                && !failed.at().isBefore(oldest)) {
            return Optional.of(new Culprit(node.address(), "does not answer (" + failed.sentence() + ")"));
        }
        return node.metadataSynced()
                ? Optional.empty()
                : Optional.of(new Culprit(node.address(), "lacks the metadata still (metadatasynced=false)"));
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        // The coordinator's address goes along with the addition it precedes, and goes when that one does.
        if (!action.needsEveryNode() || action instanceof Action.SetCoordinatorAddress) {
            return Optional.empty();
        }
        Optional<Culprit> other = culprits.get().stream()
                .filter(culprit -> !culprit.address().equals(action.address()))
                .findFirst();
        if (other.isEmpty()) {
            return Optional.empty();
        }
        if (!tried && !concernsSecondary(action)) {
            tried = true;
            return Optional.empty();
        }
        return Reason.because(
                "node " + other.get().address() + " " + other.get().trouble()
                        + ", and Citus changes no other node meanwhile; one change at a time is tried until it returns, is"
                        + " disabled, or is removed");
    }

    /** Nothing hangs on it, so it is worth no try that holds {@code pg_dist_node} for the length of a timeout. */
    private static boolean concernsSecondary(Action action) {
        return action instanceof Action.RegisterSecondary
                || (action instanceof Action.RemoveNode remove && remove.isOfSecondary());
    }
}
