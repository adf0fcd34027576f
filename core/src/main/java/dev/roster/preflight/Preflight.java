package dev.roster.preflight;

import static dev.roster.preflight.Finding.Severity.ERROR;
import static dev.roster.preflight.Finding.Severity.NOTE;
import static dev.roster.preflight.Finding.Severity.WARNING;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.ProbeFailure;
import dev.roster.preflight.Facts.Answer;
import dev.roster.preflight.Facts.Prepared;
import dev.roster.preflight.Facts.ServerFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What follows from the facts: each finding with what it breaks and the line that mends it. Pure. */
public final class Preflight {

    /** Citus' maintenance daemon, its background workers, and the appliers of shard moves need some. */
    private static final int FEW_WORKER_PROCESSES = 8;

    private static final int SHARDS_NAMED = 10;

    private final Facts facts;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<HostPort, List<HostPort>> unreachableFrom = new TreeMap<>();

    private Preflight(Facts facts) {
        this.facts = facts;
    }

    /**
     * The findings, the worst first.
     *
     * @param facts what an inspection saw
     */
    public static List<Finding> findings(Facts facts) {
        Preflight it = new Preflight(facts);
        it.role();
        it.coordinatorsAddress();
        it.server("coordinator", facts.here());
        it.nodes();
        it.answers();
        it.unreachable();
        it.shards();
        it.otherDatabases();
        return it.findings.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    private void role() {
        Facts.Role role = facts.role();
        if (role.isSuperuser()) {
            return;
        }
        add(
                WARNING,
                "coordinator",
                "Roster's role " + role.name() + " is no superuser",
                "Citus lets only a superuser add, activate and remove nodes, drain them, and set their properties;"
                        + " what is left works: see docs/permissions.md",
                "ALTER ROLE " + quoted(role.name()) + " SUPERUSER; on every node");
        if (!role.denied().isEmpty()) {
            add(
                    role.denied().stream().anyMatch(function -> function.startsWith("master_run_on_worker"))
                            ? ERROR
                            : WARNING,
                    "coordinator",
                    "Roster's role " + role.name() + " may not execute " + String.join(", ", role.denied()),
                    "servers cannot be probed without master_run_on_worker; each of the others is the order or step of its"
                            + " name",
                    role.denied().stream()
                            .map(function ->
                                    "GRANT EXECUTE ON FUNCTION " + function + " TO " + quoted(role.name()) + ";")
                            .collect(Collectors.joining(" ")));
        }
        if (!role.mayKeepLedger()) {
            add(
                    ERROR,
                    "coordinator",
                    "Roster's role " + role.name() + " may not keep the ledger",
                    "nothing can be changed, since nothing could be remembered",
                    "GRANT CREATE ON DATABASE " + quoted(facts.coordinator().database()) + " TO " + quoted(role.name())
                            + "; or set ROSTER_LEDGER=memory");
        }
    }

    private void otherDatabases() {
        for (String database : facts.otherDatabases()) {
            add(
                    NOTE,
                    "database " + database,
                    "Citus is used in this database of the coordinator's server too",
                    "its nodes stand in a pg_dist_node of its own, which this Roster does not look after",
                    "run a Roster with POSTGRES_DB=" + database + " if its workers are to be looked after");
        }
    }

    /** A name as an SQL identifier that a person pastes; nothing that Roster sends is made of it. */
    private static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private void coordinatorsAddress() {
        boolean hasWorkers = facts.nodes().stream().anyMatch(node -> !node.isCoordinator());
        if (facts.coordinator().registered().isEmpty()) {
            if (hasWorkers) {
                add(
                        WARNING,
                        "coordinator",
                        "The coordinator is not registered in pg_dist_node",
                        "reference tables stay off the coordinator, and workers cannot ask it",
                        "SELECT citus_set_coordinator_host('host as workers reach it', 5432);");
            }
        } else if (facts.coordinator().registered().get().isLoopback()
                && facts.nodes().stream().anyMatch(node -> !node.address().isLoopback())) {
            add(
                    ERROR,
                    "coordinator",
                    "The coordinator is registered as "
                            + facts.coordinator().registered().get() + ", which is each worker itself",
                    "no worker can be added, and workers cannot ask the coordinator",
                    "SELECT citus_set_coordinator_host('host as workers reach it', 5432);");
        }
    }

    private void server(String subject, ServerFacts server) {
        if (!server.walLevel().equals("logical")) {
            add(
                    WARNING,
                    subject,
                    "wal_level is " + server.walLevel(),
                    "shards cannot be moved while they are written: drain and rebalance fail or block writers",
                    "ALTER SYSTEM SET wal_level = 'logical'; then restart it");
        }
        if (server.maxWorkerProcesses() < FEW_WORKER_PROCESSES) {
            add(
                    WARNING,
                    subject,
                    "max_worker_processes is " + server.maxWorkerProcesses(),
                    "Citus' daemon, background jobs, and shard moves may find no free process",
                    "ALTER SYSTEM SET max_worker_processes = 16; then restart it");
        }
        if (server.maxPreparedTransactions() == 0) {
            add(
                    ERROR,
                    subject,
                    "max_prepared_transactions is 0",
                    "Citus cannot commit a change that touches several nodes",
                    "ALTER SYSTEM SET max_prepared_transactions = 200; then restart it");
        }
        for (Prepared prepared : server.oldPrepared()) {
            boolean citus = prepared.gid().startsWith("citus_");
            add(
                    citus ? WARNING : ERROR,
                    subject,
                    "The transaction " + prepared.gid() + " is prepared since " + prepared.since()
                            + " and neither committed nor rolled back",
                    "what it locked stays locked; node changes may wait for it until their time is up",
                    citus
                            ? "SELECT recover_prepared_transactions(); on the coordinator"
                            : "ROLLBACK PREPARED '" + prepared.gid().replace("'", "''")
                                    + "'; in its database, once you know whose it is");
        }
    }

    private void nodes() {
        for (Node node : facts.nodes()) {
            String subject = node.address().toString();
            int distributed = facts.distributed().getOrDefault(node.id(), 0);
            if (!node.isActive() && distributed > 0 && node.role() == NodeRole.PRIMARY) {
                add(
                        WARNING,
                        subject,
                        "It is inactive and has " + distributed + " distributed placements",
                        "those copies are not kept up to date, and are dropped when it is activated",
                        "start its server; then SELECT citus_activate_node("
                                + node.address().sqlArguments() + ");");
            }
            if (node.isActivePrimary() && !node.metadataSynced()) {
                add(
                        ERROR,
                        subject,
                        "Its metadata is out of sync (metadatasynced=false)",
                        "nodes cannot be added, removed or changed, and DDL on distributed tables fails",
                        "see that it answers the coordinator; Citus tries again every few seconds");
            }
            if (node.isActivePrimary() && !node.isCoordinator() && !node.shouldHaveShards() && distributed > 0) {
                add(
                        NOTE,
                        subject,
                        "It has shouldhaveshards=false and still holds " + distributed + " distributed placements",
                        "the next drain or rebalance of any node moves those too",
                        "SELECT citus_set_node_property(" + node.address().sqlArguments()
                                + ", 'shouldhaveshards', true);");
            }
            boolean unknown =
                    facts.members().filter(known -> !known.contains(node.id())).isPresent();
            if (!node.isCoordinator() && unknown) {
                add(
                        NOTE,
                        subject,
                        "It is no member: somebody else registered it, and no source of Roster has sighted it",
                        "Roster leaves it alone, whatever becomes of it",
                        "let discovery know it, or SELECT citus_remove_node("
                                + node.address().sqlArguments() + "); if it is to go");
            }
        }
    }

    private void answers() {
        Map<HostPort, Node> rows =
                facts.nodes().stream().collect(Collectors.toMap(Node::address, node -> node, (first, _) -> first));
        facts.answers().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            Node row = rows.get(entry.getKey());
            if (row != null) {
                answer(row, entry.getValue());
            }
        });
    }

    private void answer(Node row, Answer answer) {
        String subject = row.address().toString();
        switch (answer) {
            case Answer.Silent silent ->
                add(
                        ERROR,
                        subject,
                        "The coordinator cannot ask it: " + silent.why(),
                        "queries on its shards, changes of other nodes, reference table writes, and DDL fail",
                        remedy(silent.cause(), row.address()));
            case Answer.Said said -> {
                if (!row.isCoordinator()) {
                    server(subject, said.server());
                }
                version(subject, said.server());
                said.unreachable()
                        .forEach(other -> unreachableFrom
                                .computeIfAbsent(other, _ -> new ArrayList<>())
                                .add(row.address()));
                if (said.coordinator()
                        .filter(other -> !other.equals(facts.coordinator().systemIdentifier()))
                        .isPresent()) {
                    add(
                            ERROR,
                            subject,
                            "It takes another server for the coordinator (system identifier "
                                    + said.coordinator().get() + ")",
                            "what is started from it goes to the wrong cluster",
                            "SELECT citus_activate_node(" + row.address().sqlArguments()
                                    + "); on the right coordinator, once you know that its shards are this cluster's");
                }
            }
        }
    }

    private static String remedy(ProbeFailure cause, HostPort address) {
        return switch (cause) {
            case REFUSED -> "start PostgreSQL there, and let it listen on that address (listen_addresses, port)";
            case TIMEOUT ->
                "look for a firewall or network policy that drops packets on the way, or a server that is paused or"
                        + " overloaded; meanwhile each node change waits for the whole connect limit";
            case UNRESOLVED ->
                "let the coordinator resolve " + address.host() + ": one network, or a name that it knows";
            case LOGIN ->
                "mend its login for the coordinator: pg_hba.conf, password (pg_dist_authinfo or .pgpass), TLS";
            case NO_DATABASE -> "create the database there, then CREATE EXTENSION citus; in it";
            case NOT_NOW -> "nothing to do if it is up soon; else look at its log";
            case TOO_MANY_CLIENTS -> "raise max_connections there, or close idle sessions";
            case NO_EXTENSION -> "CREATE EXTENSION citus; in the cluster's database there";
            case ERROR -> "look at its log";
            case UNREACHABLE ->
                "start its server, or mend its login for the coordinator (pg_hba.conf, password, network)";
        };
    }

    private void version(String subject, ServerFacts server) {
        String wanted = facts.coordinator().citusVersion();
        if (server.citusVersion().isEmpty()) {
            add(
                    ERROR,
                    subject,
                    "It lacks the citus extension",
                    "the coordinator cannot use it",
                    "CREATE EXTENSION citus; in database " + facts.coordinator().database());
        } else if (!server.citusVersion().get().equals(wanted)) {
            add(
                    ERROR,
                    subject,
                    "It has Citus " + server.citusVersion().get() + ", the coordinator " + wanted,
                    "node changes and DDL may fail until all have the same",
                    "ALTER EXTENSION citus UPDATE; on the older one, after its packages");
        }
    }

    private void unreachable() {
        unreachableFrom.forEach((to, from) -> {
            String who = from.stream()
                    .map(each -> each.equals(to) ? "itself" : each.toString())
                    .collect(Collectors.joining(", "));
            add(
                    ERROR,
                    to.toString(),
                    "It cannot be reached from " + who,
                    "shard moves and queries between them fail",
                    "SELECT citus_check_connection_to_node(" + to.sqlArguments() + "); on " + from.getFirst()
                            + " tells why: name, network, pg_hba.conf, or password");
        });
    }

    private void shards() {
        List<Long> lost = facts.shardsWithoutPlacement();
        if (!lost.isEmpty()) {
            add(
                    ERROR,
                    "shards",
                    lost.size() + " shards have no placement: "
                            + lost.stream()
                                    .limit(SHARDS_NAMED)
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))
                            + (lost.size() > SHARDS_NAMED ? ", ..." : ""),
                    "every query on them fails, and so does DROP TABLE; somebody deleted from pg_dist_placement",
                    "restore the coordinator's catalogs from a backup taken before");
        }
        List<String> orphaned = facts.orphanedTables();
        if (!orphaned.isEmpty()) {
            add(
                    ERROR,
                    "shards",
                    "Citus remembers tables to drop on nodes that are gone: "
                            + orphaned.stream().limit(SHARDS_NAMED).collect(Collectors.joining(", "))
                            + (orphaned.size() > SHARDS_NAMED ? ", ..." : ""),
                    "it moves none of these shards before that is forgotten: each drain or rebalance of theirs fails",
                    "DELETE FROM pg_dist_cleanup WHERE node_group_id <> 0 AND node_group_id NOT IN (SELECT groupid FROM"
                            + " pg_dist_node);");
        }
    }

    private void add(Finding.Severity severity, String subject, String sentence, String breaks, String remedy) {
        findings.add(new Finding(severity, subject, sentence, breaks, remedy));
    }
}
