package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerProbe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * Probes with connections of Roster's own ({@code roster.probe.mode=direct}), for a coordinator whose role may not ask other
 * servers. It proves Roster's way to the servers, not the coordinator's. Each server is asked in a virtual thread of its own,
 * which ends with the call.
 *
 * <p>Thread-safe.
 */
public final class DirectProbe implements ServerProbe {

    /** Shard relations are hidden from ordinary sessions otherwise. */
    private static final String SHOW_SHARDS = "SET citus.override_table_visibility = off";

    private static final String OWN_TABLES = "SELECT json_build_object('all', (%s), 'names', (%s))"
            .formatted(ProbeQuery.OWN_TABLES, ProbeQuery.TABLE_NAMES);

    private final DataSource coordinator;
    private final Connector connector;
    private final CoordinatorSettings settings;
    private final InstantSource clock;
    private final ProbeFailures failures;

    /** Opens a connection to one server. */
    @FunctionalInterface
    public interface Connector {

        /**
         * Opens a connection with Roster's role, password and TLS settings, giving up after the probe's limit.
         *
         * @throws SQLException if it cannot be had
         */
        Connection open(HostPort server, String database) throws SQLException;
    }

    /**
     * A probe; connects to nothing yet.
     *
     * @param coordinator connections to the coordinator, which is asked for the names of its tables
     * @param connector opens connections to servers
     * @param settings the database and the limits
     * @param clock the time of the answers
     */
    public DirectProbe(DataSource coordinator, Connector connector, CoordinatorSettings settings, InstantSource clock) {
        this.coordinator = coordinator;
        this.connector = connector;
        this.settings = settings;
        this.clock = clock;
        this.failures = new ProbeFailures(settings, clock);
    }

    @Override
    public Map<HostPort, ProbeResult> probe(Collection<ProbeRequest> requests) throws CoordinatorUnavailable {
        boolean anyCandidate = requests.stream().anyMatch(request -> request.depth() == ProbeRequest.Depth.CANDIDATE);
        OwnTables tables = anyCandidate ? ownTables() : new OwnTables("[]", "");
        Map<HostPort, ProbeResult> answers = new ConcurrentHashMap<>();
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            requests.forEach(request -> askers.execute(() -> answers.put(request.address(), ask(request, tables))));
        }
        return Map.copyOf(answers);
    }

    /** The cluster's tables, and the fingerprint of their names. */
    private record OwnTables(String all, String names) {}

    private OwnTables ownTables() throws CoordinatorUnavailable {
        try {
            JsonNode answer = new Transactions(coordinator, settings).read(session -> session.json(OWN_TABLES));
            return new OwnTables(Json.required(answer, "all"), Json.required(answer, "names"));
        } catch (SQLException e) {
            throw new CoordinatorFaults(settings).unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    private ProbeResult ask(ProbeRequest request, OwnTables tables) {
        long limit = settings.limits().probe().toMillis();
        String question = ProbeQuery.of(request, limit).replace(ProbeQuery.TABLES, ProbeQuery.literal(tables.all()));
        try (Connection connection = connector.open(request.address(), settings.database())) {
            connection.setNetworkTimeout(Runnable::run, (int) (2 * limit));
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET statement_timeout = " + limit);
                statement.execute(SHOW_SHARDS);
            }
            return new ProbeResult.Answered(
                    clock.instant(),
                    ProbeQuery.report(new Session(connection).json(question), request, tables.names()));
        } catch (SQLException e) {
            return "57014".equals(e.getSQLState())
                    ? failures.silent(request.address())
                    : failures.thrown(request.address(), e);
        }
    }
}
