package dev.roster.cluster;

import dev.roster.execute.Outcome;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The coordinator as the engine sees it: one statement reads it, one transaction carries out one action.
 *
 * <p>Implementations hold to law 6: an action takes the advisory transaction lock, re-checks its precondition, makes one
 * documented Citus call (two where Citus demands it, and more to rebuild lost shards), verifies the result, writes the ledger rows that record it, and
 * commits, all in one transaction. An action whose aim is already reached is not an error but {@link Outcome.AlreadyTrue}.
 * Every wait is bounded. Used by one thread at a time, except {@link #journal}, the previews and
 * {@link #shardSizes}, which any thread may call.
 *
 * <p>The contract suites in the test-jar, all on {@code CatalogContract}, hold every implementation to this.
 */
public interface CoordinatorCatalog {

    /**
     * Reads nodes, placements and the ledger in one round trip.
     *
     * @throws CoordinatorUnavailable if the writable coordinator cannot be read, with the reason
     */
    ClusterSnapshot snapshot() throws CoordinatorUnavailable;

    /**
     * Carries out one action in one transaction.
     *
     * @return what became of it; a refusal by Citus is a value, not an exception
     * @throws CoordinatorUnavailable if the connection was lost, in which case the outcome is unknown and the next snapshot
     *     shows it
     */
    Outcome perform(Action action) throws CoordinatorUnavailable;

    /**
     * Adds several nodes in one transaction, all or none.
     *
     * @param adds at most 20
     * @return one outcome for each add in order if all succeeded; otherwise a single refusal, after which nothing is changed
     *     and the caller tries them one by one
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable;

    /**
     * Writes what was learnt without changing any node, in one transaction.
     *
     * @param changes the rows to write, none being a no-op that sends nothing
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    void record(List<LedgerChange> changes) throws CoordinatorUnavailable;

    /**
     * Finds out what draining a node would do, without changing anything. May be called from any thread.
     *
     * @param node the row
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    DrainPreview previewDrain(Node node) throws CoordinatorUnavailable;

    /**
     * How large these shards are, each without those colocated with it; asks the nodes. May be called from any thread.
     *
     * @param shards their {@code shardid}s
     * @return bytes by {@code shardid}; without those whose size could not be had
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    Map<Long, Long> shardSizes(Set<Long> shards) throws CoordinatorUnavailable;

    /**
     * Finds out what a rebalance would do, without changing anything. May be called from any thread.
     *
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    RebalancePreview previewRebalance() throws CoordinatorUnavailable;

    /**
     * Looks closer at the job under way: how large its shards are, how far the current moves are, and what they wait for. Asks
     * the nodes too; what cannot be had is left out.
     *
     * @param job the job, as the last snapshot told it
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    MoveLook lookAt(RebalanceJob job) throws CoordinatorUnavailable;

    /**
     * Counts what is lost if another server takes the place of this node's, without changing anything or asking a worker.
     *
     * @param node the row
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    LossPreview previewLoss(Node node) throws CoordinatorUnavailable;

    /**
     * Compares what servers with this cluster's metadata know of nodes and placements with what the coordinator knows. Asks them
     * all at once; one that does not answer is left out.
     *
     * @param members nodes whose metadata is in sync: they know nothing that the coordinator does not
     * @param former servers without a row, with metadata of an earlier day: they know no id that was never given
     * @throws CoordinatorUnavailable as in {@link #perform}
     */
    MetadataComparison compareMetadata(Collection<HostPort> members, Collection<HostPort> former)
            throws CoordinatorUnavailable;

    /**
     * Reads the journal, newest first.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be read
     */
    List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable;
}
