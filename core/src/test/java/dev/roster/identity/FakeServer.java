package dev.roster.identity;

import dev.roster.cluster.GroupId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One PostgreSQL server with Citus: its identity, what it believes of the cluster it belongs to, and its rows. Fields are
 * open to the fakes and the tests; not thread-safe.
 */
public final class FakeServer {

    /** Its data directory's identity. */
    public Identity identity;

    /** Since when its postmaster runs. */
    public Instant startTime;

    /** Whether it runs. */
    public boolean running = true;

    /** Whether it runs but its packets get lost. */
    public boolean blackHole;

    /** Whether it is a standby. */
    public boolean inRecovery;

    /** Whether it refuses the coordinator's login. */
    public boolean refusesLogin;

    /** Whether it has no database of the cluster's name. */
    public boolean lacksDatabase;

    /** Its timeline. */
    public int timeline = 1;

    /** Its position in the WAL. */
    public long lsn = 0x3000060;

    /** Where it left the timelines before its own. */
    public final Map<Integer, String> forks = new TreeMap<>();

    /** Version of its extension; empty if it has none. */
    public Optional<String> extension = Optional.of("13.2-1");

    /** Its own {@code pg_dist_local_group}. */
    public GroupId localGroup = GroupId.COORDINATOR;

    /** Rows of its own {@code pg_dist_node}. */
    public int nodes;

    /** Identifier of the coordinator its metadata points to. */
    public Optional<String> coordinatorIdentifier = Optional.empty();

    /** Rows by shard relation, such as {@code public.d_102008}. */
    public final Map<String, Integer> shards = new TreeMap<>();

    /** Shard relations that somebody reads in a transaction that does not end. */
    public final Set<String> read = new TreeSet<>();

    /** Placements that its own catalog lists for its own group, reference tables left out. */
    public final Set<String> ownPlacements = new TreeSet<>();

    /** Rows by local table, such as {@code public.notes}. */
    public final Map<String, Integer> localTables = new TreeMap<>();

    /** Ids of nodes and of placements in its own copy of the metadata. */
    public final Set<Long> knownNodes = new TreeSet<>();

    public final Set<Long> knownPlacements = new TreeSet<>();

    FakeServer(Identity identity, Instant startTime) {
        this.identity = identity;
        this.startTime = startTime;
    }

    /** A server with the same data, as a clone of its volume. */
    FakeServer copy(Instant startedAt) {
        FakeServer copy = new FakeServer(identity, startedAt);
        copy.extension = extension;
        copy.timeline = timeline;
        copy.lsn = lsn;
        copy.forks.putAll(forks);
        copy.localGroup = localGroup;
        copy.nodes = nodes;
        copy.coordinatorIdentifier = coordinatorIdentifier;
        copy.shards.putAll(shards);
        copy.ownPlacements.addAll(ownPlacements);
        copy.localTables.putAll(localTables);
        copy.knownNodes.addAll(knownNodes);
        copy.knownPlacements.addAll(knownPlacements);
        return copy;
    }

    /** Its position as PostgreSQL writes it. */
    public String position() {
        return "%X/%X".formatted(lsn >> 32, lsn & 0xffff_ffffL);
    }

    /** Ends its recovery: it is writable, on a timeline of its own. */
    public void promote() {
        inRecovery = false;
        forks.put(timeline, position());
        timeline++;
        lsn += 0x100;
    }

    /** Whether it answers connections. */
    public boolean isReachable() {
        return running && !blackHole;
    }

    @Override
    public String toString() {
        return "server " + identity + (running ? "" : " (stopped)") + " group " + localGroup + " shards " + shards;
    }
}
