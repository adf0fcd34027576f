package dev.roster.ledger;

import dev.roster.cluster.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The ledger's tables in memory. Copied by each transaction; not thread-safe. */
public final class FakeLedger {

    private final Map<NodeId, Member> members = new TreeMap<>();
    private final List<Tombstone> tombstones = new ArrayList<>();
    private final Map<String, Intent> intents = new TreeMap<>();
    private final List<JournalEntry> journal = new ArrayList<>();
    private Optional<CoordinatorDoubt> doubt = Optional.empty();
    private final Map<String, Interference> interferences = new TreeMap<>();
    private Optional<NodeId> joinsServed = Optional.empty();
    private long lastEntry;

    /** The same rows, to change without changing these. */
    public FakeLedger copy() {
        FakeLedger copy = new FakeLedger();
        copy.members.putAll(members);
        copy.tombstones.addAll(tombstones);
        copy.intents.putAll(intents);
        copy.journal.addAll(journal);
        copy.doubt = doubt;
        copy.interferences.putAll(interferences);
        copy.joinsServed = joinsServed;
        copy.lastEntry = lastEntry;
        return copy;
    }

    /** Writes one change. */
    public void apply(LedgerChange change) {
        switch (change) {
            case LedgerChange.PutMember put -> members.put(put.member().node(), put.member());
            case LedgerChange.ForgetMember forget -> members.remove(forget.node());
            case LedgerChange.Bury bury -> {
                bury.tombstone()
                        .identity()
                        .ifPresent(identity -> tombstones.removeIf(stone ->
                                stone.identity().filter(identity::equals).isPresent()));
                tombstones.add(bury.tombstone());
                members.remove(bury.tombstone().node());
            }
            case LedgerChange.Unbury unbury ->
                tombstones.removeIf(stone ->
                        stone.identity().filter(unbury.identity()::sameData).isPresent());
            case LedgerChange.GiveIntent give ->
                intents.putIfAbsent(give.intent().subject(), give.intent());
            case LedgerChange.UpdateIntent update ->
                intents.computeIfPresent(update.intent().subject(), (_, known) -> known.updatedTo(update.intent()));
            case LedgerChange.CancelIntent cancel ->
                intents.computeIfPresent(cancel.subject(), (_, known) -> known.at(Intent.Stage.CANCELLED));
            case LedgerChange.LiftIntent lift -> intents.remove(lift.subject());
            case LedgerChange.PutDoubt put -> doubt = Optional.of(put.doubt());
            case LedgerChange.PutInterference put ->
                interferences.put(put.interference().system(), put.interference());
            case LedgerChange.LiftInterference lift -> interferences.remove(lift.system());
            case LedgerChange.ServeJoins serve -> joinsServed = Optional.of(serve.upTo());
            case LedgerChange.Append append -> {
                lastEntry++;
                JournalEntry entry = append.entry();
                journal.add(new JournalEntry(
                        lastEntry,
                        entry.at(),
                        entry.actor(),
                        entry.action(),
                        entry.node(),
                        entry.outcome(),
                        entry.sentence()));
            }
        }
    }

    /** What stands in it. */
    public LedgerSnapshot snapshot() {
        return new LedgerSnapshot(
                List.copyOf(members.values()),
                tombstones,
                List.copyOf(intents.values()),
                doubt,
                List.copyOf(interferences.values()),
                joinsServed);
    }

    /** Reads the journal, newest first. */
    public List<JournalEntry> journal(JournalQuery query) {
        return journal.stream()
                .filter(entry -> query.node()
                        .map(wanted -> entry.node()
                                .filter(node -> isAbout(node, wanted))
                                .isPresent())
                        .orElse(true))
                .filter(entry ->
                        query.since().map(since -> !entry.at().isBefore(since)).orElse(true))
                .filter(entry -> entry.id() < query.before().orElse(Long.MAX_VALUE))
                .sorted(Comparator.comparing(JournalEntry::id).reversed())
                .limit(query.limit())
                .toList();
    }

    private static boolean isAbout(String node, String wanted) {
        int colon = node.lastIndexOf(':');
        return node.equalsIgnoreCase(wanted)
                || (colon > 0 && node.substring(0, colon).equalsIgnoreCase(wanted));
    }
}
