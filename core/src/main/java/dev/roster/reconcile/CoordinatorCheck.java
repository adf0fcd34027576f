package dev.roster.reconcile;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.MetadataComparison;
import dev.roster.cluster.MetadataComparison.Excess;
import dev.roster.cluster.MetadataComparison.Newer;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.MetadataWitnesses;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out, for the leader, whether the coordinator is older than its workers. Every server that can tell is compared once in
 * each of its runs, all of them anew after taking the lead: a coordinator that was restored has ended the leader's session.
 *
 * <p>A change of metadata reaches a worker a moment after the coordinator, so a difference counts when a second look shows it
 * too, or nobody answers that; meanwhile nothing is changed either. Used by the thread that runs the passes.
 */
final class CoordinatorCheck {

    private static final Duration TWO_LOOKS = Duration.ofSeconds(5);

    /** So many are asked in one pass; the others in the next ones. */
    private static final int MOST_AT_ONCE = 100;

    private static final int NAMED = 3;

    private final Map<HostPort, Instant> compared = new HashMap<>();
    private Optional<Suspicion> suspicion = Optional.empty();
    private Optional<CoordinatorDoubt> unwritten = Optional.empty();
    private boolean more;

    /** What one look showed. */
    private record Suspicion(CoordinatorDoubt doubt, Set<HostPort> servers) {

        boolean isDue(Instant now) {
            return !now.isBefore(again());
        }

        Instant again() {
            return doubt.since().plus(TWO_LOOKS);
        }
    }

    /** Everybody is compared anew. */
    void leadershipBegins() {
        compared.clear();
        suspicion = Optional.empty();
        unwritten = Optional.empty();
    }

    /**
     * Compares whoever was not compared yet.
     *
     * @param witnesses all who can tell
     * @return the doubt of which nobody told the ledger yet; empty if there is none, or it stands there
     */
    Optional<CoordinatorDoubt> compare(
            CoordinatorCatalog catalog, MetadataWitnesses witnesses, ClusterSnapshot cluster, Instant now)
            throws CoordinatorUnavailable {
        more = false;
        compared.keySet().removeIf(address -> !witnesses.containsAny(List.of(address)));
        if (cluster.doubt().isPresent()) {
            suspicion = Optional.empty();
            unwritten = Optional.empty();
            return Optional.empty();
        }
        if (unwritten.isPresent()) {
            return unwritten;
        }
        Set<HostPort> secondLook = suspicion
                .filter(first -> first.isDue(now))
                .map(Suspicion::servers)
                .orElse(Set.of());
        MetadataComparison comparison = ask(catalog, witnesses, secondLook);
        List<Newer> news = comparison.newer().stream()
                .filter(newer -> cluster.ledger()
                        .doubt()
                        .filter(accepted -> accepted.covers(newer))
                        .isEmpty())
                .toList();
        // Asked again if the ledger that keeps the doubt is lost.
        news.forEach(newer -> compared.remove(newer.server()));
        if (!secondLook.isEmpty()) {
            conclude(secondLook, comparison, news, now);
        }
        if (suspicion.isEmpty() && unwritten.isEmpty() && !news.isEmpty()) {
            suspicion = Optional.of(new Suspicion(
                    doubt(news, now), news.stream().map(Newer::server).collect(Collectors.toSet())));
        }
        return unwritten.or(() -> suspicion.map(Suspicion::doubt));
    }

    private MetadataComparison ask(CoordinatorCatalog catalog, MetadataWitnesses witnesses, Set<HostPort> secondLook)
            throws CoordinatorUnavailable {
        Set<HostPort> room = new HashSet<>();
        MetadataWitnesses due = witnesses.only((address, started) -> {
            boolean isSuspect =
                    suspicion.filter(first -> first.servers().contains(address)).isPresent();
            boolean isDue = isSuspect ? secondLook.contains(address) : !started.equals(compared.get(address));
            more |= isDue && room.size() >= MOST_AT_ONCE;
            return isDue && room.size() < MOST_AT_ONCE && room.add(address);
        });
        if (due.isEmpty()) {
            return MetadataComparison.NOBODY_ASKED;
        }
        MetadataComparison comparison =
                catalog.compareMetadata(due.members().keySet(), due.former().keySet());
        comparison.answered().forEach(address -> compared.put(address, due.startOf(address)));
        return comparison;
    }

    /** What answered and knows no more has caught up with the coordinator; silence takes nothing back. */
    private void conclude(Set<HostPort> suspects, MetadataComparison comparison, List<Newer> news, Instant now) {
        boolean passed = comparison.answered().containsAll(suspects)
                && news.stream().map(Newer::server).noneMatch(suspects::contains);
        if (!passed) {
            unwritten = news.isEmpty() ? suspicion.map(Suspicion::doubt) : Optional.of(doubt(news, now));
        }
        suspicion = Optional.empty();
    }

    /** Roster itself just sent this server the coordinator's metadata, so there is nothing to compare. */
    void joined(HostPort address, Instant started) {
        compared.put(address, started);
    }

    /** Whether a second look has shown what the ledger has to keep. */
    boolean isSure() {
        return unwritten.isPresent();
    }

    /** The ledger keeps it from now on. */
    void written() {
        unwritten = Optional.empty();
    }

    /** When the second look is due. */
    Optional<Instant> wakeAt() {
        return suspicion.map(Suspicion::again);
    }

    /** Whether somebody is left to be compared at once. */
    boolean hasMore() {
        return more;
    }

    /** What the ledger keeps of a doubt. */
    static List<LedgerChange> notes(CoordinatorDoubt doubt) {
        return List.of(new LedgerChange.PutDoubt(doubt), Bookkeeping.doubted(doubt));
    }

    private static CoordinatorDoubt doubt(List<Newer> news, Instant now) {
        String evidence = news.stream().limit(NAMED).map(CoordinatorCheck::told).collect(Collectors.joining(", "))
                + (news.size() > NAMED ? ", and " + (news.size() - NAMED) + " more servers" : "");
        return new CoordinatorDoubt(
                now,
                evidence,
                highest(news.stream().map(Newer::nodes).toList()),
                highest(news.stream().map(Newer::placements).toList()),
                Optional.empty());
    }

    private static long highest(List<Excess> all) {
        return all.stream().mapToLong(Excess::highest).max().orElse(0);
    }

    private static String told(Newer newer) {
        String nodes = counted(newer.nodes().count(), "node", "nodes");
        String placements = counted(newer.placements().count(), "shard placement", "shard placements");
        return newer.server() + " knows "
                + (nodes.isEmpty() || placements.isEmpty() ? nodes + placements : nodes + " and " + placements)
                + " that the coordinator lacks";
    }

    private static String counted(long number, String one, String many) {
        return number == 0 ? "" : number + " " + (number == 1 ? one : many);
    }
}
