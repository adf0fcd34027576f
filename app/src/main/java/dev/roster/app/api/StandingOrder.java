package dev.roster.app.api;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a person ordered, while it stands.
 *
 * @param kind {@code drain}, {@code remove}, {@code activate}, {@code follow} or {@code hold}
 * @param node the address it was given for
 * @param target the address of the other server that it names
 * @param mode how a drain moves shards
 * @param stage {@code ordered}, {@code running}, {@code failed}, {@code done} (carried out, and the server is kept out) or
 *     {@code cancelled} (what it changed is being put back)
 * @param job the background job that Citus runs for it
 * @param done how many of the job's moves are done
 * @param total how many moves it has
 * @param note what went wrong
 * @param by who gave it
 * @param since when
 */
@RegisterForReflection
public record StandingOrder(
        String kind,
        String node,
        Optional<String> target,
        Optional<String> mode,
        String stage,
        Optional<Long> job,
        Optional<Long> done,
        Optional<Integer> total,
        Optional<String> note,
        String by,
        Instant since) {

    static List<StandingOrder> all(ClusterSnapshot cluster) {
        return those(cluster, _ -> true);
    }

    static List<StandingOrder> forNode(NodeId node, ClusterSnapshot cluster) {
        return those(cluster, intent -> intent.node().equals(Optional.of(node)));
    }

    /** Those for its row, and those that were given for its address or outlast a row there. */
    static List<StandingOrder> forWorker(HostPort address, Optional<NodeId> node, ClusterSnapshot cluster) {
        return those(
                cluster,
                intent -> node.isPresent()
                        ? intent.node().equals(node)
                        : intent.address().equals(address)
                                && intent.node().flatMap(cluster::node).isEmpty());
    }

    private static List<StandingOrder> those(ClusterSnapshot cluster, Predicate<Intent> which) {
        return cluster.ledger().intents().stream()
                .filter(which)
                .map(intent -> of(intent, cluster))
                .toList();
    }

    private static StandingOrder of(Intent intent, ClusterSnapshot cluster) {
        Optional<RebalanceJob> job = intent.job()
                .flatMap(id -> cluster.rebalances().stream()
                        .filter(each -> each.id() == id)
                        .findFirst());
        return new StandingOrder(
                intent.kind().word(),
                intent.address().toString(),
                intent.target().map(HostPort::toString),
                intent.kind() == Kind.DRAIN ? Optional.of(intent.mode().word()) : Optional.empty(),
                SituationView.word(intent.stage()),
                intent.job(),
                job.map(RebalanceJob::done),
                job.map(each -> each.tasks().size()),
                intent.note(),
                intent.orderedBy(),
                intent.orderedAt());
    }
}
