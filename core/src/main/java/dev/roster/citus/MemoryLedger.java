package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Interference;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Tombstone;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ledger in this process, where a schema is not allowed ({@code roster.ledger=memory}). What a transaction writes appears
 * once it is committed. Thread-safe.
 */
final class MemoryLedger implements Ledger {

    private final int cap;
    private final Map<NodeId, Member> members = new TreeMap<>();
    private final List<Tombstone> tombstones = new ArrayList<>();
    private final Deque<JournalEntry> journal = new ArrayDeque<>();
    private final Map<String, Intent> intents = new LinkedHashMap<>();
    private Optional<CoordinatorDoubt> doubt = Optional.empty();
    private final Map<String, Interference> interferences = new TreeMap<>();
    private Optional<NodeId> joinsServed = Optional.empty();
    private long lastId;

    MemoryLedger(int journalCap) {
        this.cap = journalCap;
    }

    @Override
    public String snapshotQuery() {
        return SnapshotQuery.WITHOUT_LEDGER;
    }

    @Override
    public boolean suits(JsonNode answer) {
        return true;
    }

    @Override
    public boolean adaptsTo(SQLException error) {
        return false;
    }

    @Override
    public synchronized LedgerSnapshot read(JsonNode answer) {
        return new LedgerSnapshot(
                List.copyOf(members.values()),
                tombstones,
                List.copyOf(intents.values()),
                doubt,
                List.copyOf(interferences.values()),
                joinsServed);
    }

    @Override
    public synchronized boolean stands(Session session, Intent intent) {
        Intent known = intents.get(intent.subject());
        return known != null && known.stage() != Intent.Stage.CANCELLED;
    }

    @Override
    public void prepare(Transactions transactions) {}

    @Override
    public void write(Session session, List<LedgerChange> changes) {}

    @Override
    public synchronized void committed(List<LedgerChange> changes) {
        for (LedgerChange change : changes) {
            switch (change) {
                case LedgerChange.PutMember put -> members.put(put.member().node(), put.member());
                case LedgerChange.ForgetMember forget -> members.remove(forget.node());
                case LedgerChange.Bury bury -> {
                    members.remove(bury.tombstone().node());
                    bury.tombstone().identity().ifPresent(this::lift);
                    tombstones.add(bury.tombstone());
                }
                case LedgerChange.Unbury unbury -> lift(unbury.identity());
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
                case LedgerChange.Append append -> append(append.entry());
            }
        }
    }

    @Override
    public synchronized List<JournalEntry> journal(Transactions transactions, JournalQuery query) {
        return journal.stream()
                .filter(entry ->
                        query.since().stream().noneMatch(since -> entry.at().isBefore(since)))
                .filter(entry -> query.node().stream().allMatch(node -> isAbout(entry, node)))
                .filter(entry -> entry.id() < query.before().orElse(Long.MAX_VALUE))
                .limit(query.limit())
                .toList();
    }

    private void lift(Identity identity) {
        tombstones.removeIf(stone -> stone.identity().filter(identity::sameData).isPresent());
    }

    private void append(JournalEntry entry) {
        lastId++;
        journal.addFirst(new JournalEntry(
                lastId, entry.at(), entry.actor(), entry.action(), entry.node(), entry.outcome(), entry.sentence()));
        if (journal.size() > cap) {
            journal.removeLast();
        }
    }

    private static boolean isAbout(JournalEntry entry, String node) {
        String of = entry.node().orElse("");
        boolean isHost = of.length() > node.length() && of.charAt(node.length()) == ':';
        return of.equalsIgnoreCase(node) || (isHost && of.regionMatches(true, 0, node, 0, node.length()));
    }
}
