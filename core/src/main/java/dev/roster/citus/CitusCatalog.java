package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.MetadataComparison;
import dev.roster.cluster.MoveLook;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.cluster.RebalancePreview;
import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.plan.Action;
import dev.roster.provision.Provisioner;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator by JDBC. One statement reads it; each action is one transaction: the advisory lock, the checks, one
 * documented Citus call, the verification, the ledger's rows, the commit.
 *
 * <p>Used by one thread at a time, except {@link #journal}.
 */
public final class CitusCatalog implements CoordinatorCatalog {

    private final Optional<CoordinatorHosts> hosts;
    private final CoordinatorSettings settings;
    private final InstantSource clock;
    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final Coordinator coordinator;
    private final Ledger ledger;
    private final NodeTransactions nodes;
    private final MoveLooks looks;

    /** The coordinator that the last snapshot came from; plans are made for it alone. */
    private volatile @Nullable String expected;

    /**
     * The adapter for a coordinator with one host; connects to nothing yet.
     *
     * @param source connections to the coordinator, pooled or not
     * @param settings where it is and how long to wait
     * @param clock the time of ledger rows
     */
    public CitusCatalog(DataSource source, CoordinatorSettings settings, InstantSource clock) {
        this(source, Optional.empty(), settings, clock);
    }

    /**
     * The adapter for a coordinator with several hosts; connects to nothing yet.
     *
     * @param source connections to the writable one of its hosts, pooled or not
     * @param hosts all of them, looked at before each snapshot
     * @param settings where it is and how long to wait
     * @param clock the time of ledger rows
     */
    public CitusCatalog(DataSource source, CoordinatorHosts hosts, CoordinatorSettings settings, InstantSource clock) {
        this(source, Optional.of(hosts), settings, clock);
    }

    private CitusCatalog(
            DataSource source, Optional<CoordinatorHosts> hosts, CoordinatorSettings settings, InstantSource clock) {
        this.hosts = hosts;
        this.settings = settings;
        this.clock = clock;
        this.transactions = new Transactions(source, settings);
        this.faults = new CoordinatorFaults(settings);
        this.coordinator = new Coordinator(faults, settings);
        this.ledger = switch (settings.ledger()) {
            case DATABASE -> new DatabaseLedger(faults, LedgerTables.JOURNAL_CAP);
            case MEMORY -> new MemoryLedger(LedgerTables.JOURNAL_CAP);
        };
        this.looks = new MoveLooks(transactions, faults, settings);
        this.nodes = new NodeTransactions(transactions, settings, ledger, clock, () -> Optional.ofNullable(expected));
    }

    /**
     * Carries out people's own SQL on this coordinator and its members, and writes in the same ledger.
     *
     * @param single connections of their own, closed after use: such SQL may leave settings behind
     * @param timeout how long one script may take
     */
    public Provisioner provisioner(DataSource single, Duration timeout) {
        return new CitusProvisioner(new Transactions(single, settings), transactions, settings, ledger, clock, timeout);
    }

    @Override
    public ClusterSnapshot snapshot() throws CoordinatorUnavailable {
        if (hosts.isPresent()) {
            hosts.get().requireOneWritable();
        }
        try {
            try {
                return look();
            } catch (SQLException e) {
                if (ledger.adaptsTo(e) || createsExtensionFor(e)) {
                    return look();
                }
                throw e;
            }
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    private ClusterSnapshot look() throws SQLException, CoordinatorUnavailable, RefusedException {
        return transactions.read(session -> {
            JsonNode answer = session.json(ledger.snapshotQuery());
            coordinator.require(session, answer);
            if (!ledger.suits(answer)) {
                answer = session.json(ledger.snapshotQuery());
            }
            expected = Json.required(answer, "system");
            LedgerSnapshot books = ledger.read(answer);
            ClusterSnapshot cluster =
                    SnapshotQuery.snapshot(answer, coordinator.dialed(answer), clock.instant(), books);
            return answer.path("hasJobs").asBoolean()
                    ? cluster.with(RebalanceQuery.read(session, books.jobs()))
                    : cluster;
        });
    }

    private boolean createsExtensionFor(SQLException error)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        String state = Optional.ofNullable(error.getSQLState()).orElse("");
        if (!settings.createExtension() || !List.of("42P01", "42883").contains(state)) {
            return false;
        }
        return transactions.change(session -> {
            session.text("CREATE EXTENSION IF NOT EXISTS citus");
            return true;
        });
    }

    @Override
    public Outcome perform(Action action) throws CoordinatorUnavailable {
        Outcome outcome = attempt(action);
        if (outcome instanceof Outcome.Refused(Action _, Refusal refusal)
                && refusal.situation() == Refusal.Situation.LEFTOVERS) {
            return withoutLeftovers(action);
        }
        if (outcome instanceof Outcome.Refused refused
                && action instanceof Action.RemoveNode remove
                && remove.serverIsDead()
                && refused.refusal().isBecauseOfAnotherNode()) {
            return disableBeforeRemoval(remove, refused);
        }
        return outcome;
    }

    /** Citus drops what it can, which it does in no transaction; then the action is judged anew. */
    private Outcome withoutLeftovers(Action action) throws CoordinatorUnavailable {
        List<String> words = new Leftovers(transactions, faults).drop();
        Outcome outcome = attempt(action);
        return outcome instanceof Outcome.Refused(Action _, Refusal refusal)
                        && refusal.situation() == Refusal.Situation.LEFTOVERS
                ? new Outcome.Refused(action, NodeRefusals.withWords(refusal, words))
                : outcome;
    }

    private Outcome attempt(Action action) throws CoordinatorUnavailable {
        return nodes.carryOut(List.of(action), NodeChange::make).getFirst();
    }

    /** The step that one of several dead nodes can take; the removal itself stays refused until the others took theirs. */
    private Outcome disableBeforeRemoval(Action.RemoveNode remove, Outcome.Refused refused)
            throws CoordinatorUnavailable {
        Refusal why = NodeRefusals.disabledFirst(remove.address(), refused.refusal());
        Outcome disabled = new Outcome.Refused(remove, why);
        Outcome step = nodes.carryOut(
                        List.of(remove), (change, action, before) -> change.disableBeforeRemoval(action, why, before))
                .getFirst();
        return step.equals(disabled) ? disabled : refused;
    }

    @Override
    public List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable {
        return adds.isEmpty() ? List.of() : nodes.carryOut(adds, NodeChange::add);
    }

    @Override
    public void record(List<LedgerChange> changes) throws CoordinatorUnavailable {
        if (changes.isEmpty()) {
            return;
        }
        try {
            ledger.prepare(transactions);
            transactions.change(session -> {
                ledger.write(session, changes);
                return true;
            });
            ledger.committed(changes);
        } catch (SQLException e) {
            throw faults.ledger(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("the ledger refuses nothing", e);
        }
    }

    @Override
    public DrainPreview previewDrain(Node node) throws CoordinatorUnavailable {
        return new DrainPreviews(transactions, faults, settings).of(node);
    }

    @Override
    public Map<Long, Long> shardSizes(Set<Long> shards) throws CoordinatorUnavailable {
        return new ShardSizes(transactions, faults).of(shards);
    }

    @Override
    public RebalancePreview previewRebalance() throws CoordinatorUnavailable {
        return new RebalancePreviews(transactions, faults, settings).now();
    }

    @Override
    public MoveLook lookAt(RebalanceJob job) throws CoordinatorUnavailable {
        return looks.at(job);
    }

    @Override
    public LossPreview previewLoss(Node node) throws CoordinatorUnavailable {
        try {
            return transactions.read(session -> LossPreviews.read(ReplaceCalls.loss(session, node)));
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    @Override
    public MetadataComparison compareMetadata(Collection<HostPort> members, Collection<HostPort> former)
            throws CoordinatorUnavailable {
        try {
            return new MetadataQuery(transactions, settings).compare(members, former);
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("comparing refuses nothing", e);
        }
    }

    @Override
    public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
        try {
            return ledger.journal(transactions, query);
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }
}
