package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What has to be so for an empty server to take the place of a lost one; asked when it is ordered, and again when it is done. */
final class Replacements {

    /** How long a server has to be silent before its row is given away. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a server answers that has no Citus data of this database. */
    private static final Set<ProbeFailure> OTHERS_FOR_SURE =
            Set.of(ProbeFailure.NO_EXTENSION, ProbeFailure.NO_DATABASE);

    private final Overview overview;
    private final WorkerRows workers;

    Replacements(Overview overview, WorkerRows workers) {
        this.overview = overview;
        this.workers = workers;
    }

    /** Why a server cannot take the row over: what is so, and what a person can do. */
    record Hindrance(String sentence, String remedy) {}

    /** Why the row's server does not count as lost; empty if it is. */
    Optional<Hindrance> notLost(Node node) {
        Optional<ProbeResult> probe = overview.probe(node.address()).filter(overview::isFresh);
        if (probe.isPresent() && probe.get() instanceof ProbeResult.Answered answered) {
            return isEmptyStranger(node, answered.report()) ? Optional.empty() : answers(node, answered.report());
        }
        if (isKnownToBeAway(node)) {
            return Optional.of(new Hindrance(
                    "The server of " + node.address() + " is known to its source, so its data may be there still",
                    "start it, or delete its container if its data is lost"));
        }
        if (probe.isPresent() && probe.get() instanceof ProbeResult.Failed failed) {
            return failed.failure().showsLife()
                    ? Optional.of(new Hindrance(
                            "The server of " + node.address() + " is there: it " + failed.sentence(),
                            "mend that; only a server that does not answer counts as lost"))
                    : Optional.empty();
        }
        return Optional.of(new Hindrance(
                "The server of " + node.address() + " has not been asked lately whether it lives",
                "order it again in a moment"));
    }

    /** Whether its source has it, and knows that it cannot answer. */
    private boolean isKnownToBeAway(Node node) {
        return overview.sightingOf(node)
                .filter(worker -> !worker.health().mayBeReady())
                .isPresent();
    }

    private static Optional<Hindrance> answers(Node node, ServerReport report) {
        if (report.isBlank()) {
            return Optional.of(new Hindrance(
                    "An empty server with the identifier of the lost one answers at " + node.address()
                            + ", and it cannot be told whether it is the lost one itself: it was not started later than that"
                            + " was last seen",
                    "make sure that the data is gone and not in another database or volume, then start that server again;"
                            + " or stop it"));
        }
        return Optional.of(new Hindrance(
                "The server of " + node.address() + " answers, so its shards are not lost",
                "drain it: roster drain " + node.address()));
    }

    /** Another server stands at the row's address, be it of the same image, and has none of its shards. */
    private boolean isEmptyStranger(Node node, ServerReport report) {
        boolean own = identityOf(node).filter(report.identity()::sameData).isPresent();
        if (own) {
            return overview.member(node.id())
                    .filter(member -> member.isReplacedBy(report))
                    .isPresent();
        }
        return report.candidate()
                .filter(facts -> facts.citusTables() == 0
                        && facts.ownDistributedPlacements() == 0
                        && facts.shardNamedRelations().isEmpty())
                .isPresent();
    }

    /** Why the lost one's data may be somewhere else that is sighted, so that nothing may be given up yet. */
    Optional<Hindrance> survives(Node node, HostPort target) {
        Optional<Hindrance> found = survivor(node)
                .map(address -> new Hindrance(
                        "The server at " + address + " has the data of node " + node.address(),
                        "nothing is lost: let the row follow the data: roster follow " + node.address() + " --to "
                                + address + " (a standby has to be promoted first)"));
        return found.isPresent() ? found : unasked(node, target);
    }

    private Optional<HostPort> survivor(Node node) {
        return overview.seen.probes().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(node.address()))
                .filter(entry -> entry.getValue() instanceof ProbeResult.Answered answered
                        && overview.isFresh(answered)
                        && hasDataOf(node, answered.report()))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    /** A sighted server that runs, as far as is known, and has not told what it has. */
    private Optional<Hindrance> unasked(Node node, HostPort target) {
        return bystanders(node)
                .filter(worker -> !worker.address().equals(target)
                        && !worker.address().equals(node.address())
                        && !isHalted(worker))
                .map(this::unasked)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Hindrance> unasked(Worker worker) {
        Optional<ProbeResult> probe = overview.probe(worker.address()).filter(overview::isFresh);
        if (probe.isEmpty()) {
            return Optional.of(new Hindrance(
                    "The server at " + worker.address() + " has not told yet whether it has the lost data",
                    "order it again in a moment; if that server does not come up, stop it"));
        }
        return switch (probe.get()) {
            case ProbeResult.Failed failed
            when failed.failure().showsLife() && !OTHERS_FOR_SURE.contains(failed.failure()) ->
                Optional.of(new Hindrance(
                        "The server at " + worker.address() + " may have the lost data: it " + failed.sentence(),
                        "mend that, or stop it if it has not"));
            case ProbeResult.Failed _, ProbeResult.Answered _ -> Optional.empty();
        };
    }

    /** The other sighted servers that may answer, to be asked again when it is done. */
    List<HostPort> others(Node node, HostPort target) {
        return bystanders(node)
                .filter(worker -> !isHalted(worker))
                .map(Worker::address)
                .filter(address -> !address.equals(node.address()) && !address.equals(target))
                .sorted()
                .toList();
    }

    /** Everybody whose latest answer decides about it. */
    List<HostPort> concerned(Node node) {
        return Stream.concat(
                        Stream.of(node.address()).filter(_ -> !isKnownToBeAway(node)),
                        bystanders(node)
                                .filter(worker -> worker.health().mayBeReady())
                                .map(Worker::address))
                .toList();
    }

    /** Sighted servers that may have the data of a node: those without a row, and the secondaries of its group. */
    private Stream<Worker> bystanders(Node node) {
        Stream<Worker> secondaries = overview.cluster().nodes().stream()
                .filter(row -> row.role() == NodeRole.SECONDARY && row.group().equals(node.group()))
                .flatMap(row -> overview.sightingOf(row).stream());
        return Stream.concat(overview.unregistered().stream(), secondaries);
    }

    private static boolean isHalted(Worker worker) {
        return worker.health() == WorkerHealth.STOPPED || worker.health() == WorkerHealth.PAUSED;
    }

    /** Whether nobody answers at the row's address long enough; a restart takes less, and so does no stranger there. */
    boolean isSilentLongEnough(Node node) {
        Instant since = overview.seen.memory().silentSince().get(node.address());
        return overview.answer(node.address()).isPresent()
                || (since != null && !overview.now.isBefore(since.plus(PATIENCE)));
    }

    private boolean hasDataOf(Node node, ServerReport report) {
        return report.localGroup().equals(node.group())
                && identityOf(node)
                        .map(report.identity()::sameData)
                        .orElseGet(() -> overview.servers.hasOurMetadata(report));
    }

    private Optional<Identity> identityOf(Node node) {
        return overview.member(node.id()).flatMap(Member::identity);
    }

    /** The whole probe of a candidate (rows 1 to 11), by what it would be joined with; otherwise what is in the way. */
    Decision candidate(Node node, Worker worker) {
        boolean inPlace = worker.address().equals(node.address());
        if (!inPlace) {
            return workers.judge(worker);
        }
        Optional<ServerReport> report = overview.answer(worker.address())
                .filter(answer -> answer.candidate().isPresent())
                .filter(_ -> worker.health().mayBeReady());
        return report.map(answer -> workers.judgeInPlaceOf(node, worker, answer))
                .orElseGet(() -> Decision.say(Situation.NOT_PROBED, "Its server has not been asked yet what it is"));
    }

    /** Whether a candidate is empty and fit, though its answer may be too old to act on. */
    boolean isFit(Decision candidate, Worker worker) {
        boolean answered = overview.answer(worker.address())
                .flatMap(ServerReport::candidate)
                .isPresent();
        return candidate.situation() == Situation.JOINING
                || (candidate.situation() == Situation.NOT_PROBED && answered);
    }
}
