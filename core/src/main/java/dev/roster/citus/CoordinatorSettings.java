package dev.roster.citus;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * How the coordinator is spoken to. No password: connections come from a {@code DataSource} that knows it.
 *
 * @param hosts where the coordinator may be, at least one; for sentences, and for what the snapshot tells as dialed
 * @param database the cluster's database
 * @param user the role
 * @param limits how long each kind of wait may take
 * @param ledger where the ledger is kept
 * @param createExtension whether a missing extension is created, on the coordinator and on candidates
 */
public record CoordinatorSettings(
        List<HostPort> hosts,
        String database,
        String user,
        Limits limits,
        LedgerPlace ledger,
        boolean createExtension) {

    public CoordinatorSettings {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("no coordinator host is given");
        }
    }

    /** Where the ledger is kept. */
    public enum LedgerPlace {
        /** In the schema {@code roster} of the cluster's database. */
        DATABASE,
        /** In this process only; after a restart every node is adopted again. */
        MEMORY
    }

    /**
     * How long each kind of wait may take.
     *
     * @param connect to reach a node from the coordinator; Citus tries twice, each time for half of it
     * @param probe to reach and ask a server that is probed
     * @param statement one statement on the coordinator
     * @param lock a lock that another session holds
     * @param copy the copy of one shard to the server that takes a lost one's place
     */
    public record Limits(Duration connect, Duration probe, Duration statement, Duration lock, Duration copy) {

        /** 5 s to connect, 3 s to probe, 60 s for a statement, 10 s for a lock, 150 s for a copy. */
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(150));
    }

    /** Host, port, and database for sentences. */
    String describe() {
        List<String> names = hosts.stream().map(HostPort::toString).toList();
        return String.join(", ", names) + ", database " + database;
    }
}
