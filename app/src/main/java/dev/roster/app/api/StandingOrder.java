package dev.roster.app.api;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.plan.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a person ordered, while it stands.
 *
 * @param kind {@code drain}, {@code remove}, {@code replace}, {@code activate}, {@code follow} or {@code hold}
 * @param node the address it was given for
 * @param target the address of the other server that it names
 * @param mode how a drain moves shards
 * @param stage {@code ordered}, {@code running}, {@code failed}, {@code done} (carried out, and the server is kept out) or
 *     {@code cancelled} (what it changed is being put back)
 * @param job the background job that Citus runs for it
 * @param done how many of the job's moves are done
 * @param total how many moves it has
 * @param bytesDone how many bytes the job has moved; with the next three, left out while it is unknown
 * @param bytesTotal how many it moves in all
 * @param bytesPerSecond how fast it is, measured between passes
 * @param etaSeconds how long it will take at that pace
 * @param sentence how far it is, or what it waits for; left out before a pass judged it, and for a rebalance and a hold
 * @param note what went wrong, or how far a replacement is
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
        OptionalLong bytesDone,
        OptionalLong bytesTotal,
        OptionalLong bytesPerSecond,
        OptionalLong etaSeconds,
        Optional<String> sentence,
        Optional<String> note,
        String by,
        Instant since) {

    /**
     * All of them.
     *
     * @param cluster where they stand
     * @param verdicts what was said of each address
     */
    static List<StandingOrder> all(ClusterSnapshot cluster, Map<HostPort, Verdict> verdicts) {
        return those(cluster, _ -> true)
                .map(intent -> of(intent, cluster, verdict(intent, cluster, verdicts)))
                .toList();
    }

    /** What is said of its node, which a replacement leads to another address than it was given for. */
    private static Optional<Verdict> verdict(Intent intent, ClusterSnapshot cluster, Map<HostPort, Verdict> verdicts) {
        return intent.node()
                .flatMap(cluster::node)
                .flatMap(node -> Optional.ofNullable(verdicts.get(node.address())))
                .or(() -> Optional.ofNullable(verdicts.get(intent.address())));
    }

    static List<StandingOrder> forNode(NodeId node, ClusterSnapshot cluster, Optional<Verdict> verdict) {
        return those(cluster, intent -> intent.node().equals(Optional.of(node)))
                .map(intent -> of(intent, cluster, verdict))
                .toList();
    }

    /** Those for its row, and those that were given for its address or outlast a row there. */
    static List<StandingOrder> forWorker(HostPort address, Optional<Verdict> verdict, ClusterSnapshot cluster) {
        Optional<NodeId> node = verdict.flatMap(Verdict::node);
        return those(
                        cluster,
                        intent -> node.isPresent()
                                ? intent.node().equals(node)
                                : intent.address().equals(address)
                                        && intent.node().flatMap(cluster::node).isEmpty())
                .map(intent -> of(intent, cluster, verdict))
                .toList();
    }

    private static Stream<Intent> those(ClusterSnapshot cluster, Predicate<Intent> which) {
        return cluster.ledger().intents().stream().filter(which);
    }

    private static StandingOrder of(Intent intent, ClusterSnapshot cluster, Optional<Verdict> verdict) {
        Optional<RebalanceJob> job = intent.job()
                .flatMap(id -> cluster.rebalances().stream()
                        .filter(each -> each.id() == id)
                        .findFirst());
        Optional<MoveProgress> moves = cluster.moves()
                .filter(progress ->
                        intent.job().filter(id -> id == progress.job()).isPresent());
        Optional<MoveProgress.Bytes> bytes = moves.flatMap(MoveProgress::bytes);
        return new StandingOrder(
                intent.kind().word(),
                intent.address().toString(),
                intent.target().map(HostPort::toString),
                intent.kind() == Kind.DRAIN ? Optional.of(intent.mode().word()) : Optional.empty(),
                SituationView.word(intent.stage()),
                intent.job(),
                job.map(RebalanceJob::done),
                job.map(each -> each.tasks().size()),
                number(bytes.map(MoveProgress.Bytes::moved)),
                number(bytes.map(MoveProgress.Bytes::total)),
                moves.map(MoveProgress::bytesPerSecond).orElse(OptionalLong.empty()),
                number(moves.flatMap(MoveProgress::eta).map(Duration::toSeconds)),
                verdict.filter(_ -> isToldByItsNode(intent)).map(Verdict::sentence),
                intent.note(),
                intent.orderedBy(),
                intent.orderedAt());
    }

    /** A rebalance is for no single node, and a hold changes nothing about what is said of one. */
    private static boolean isToldByItsNode(Intent intent) {
        return intent.kind() != Kind.REBALANCE && intent.kind() != Kind.HOLD;
    }

    private static OptionalLong number(Optional<Long> number) {
        return number.map(OptionalLong::of).orElse(OptionalLong.empty());
    }
}
