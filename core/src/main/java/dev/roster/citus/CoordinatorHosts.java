package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All hosts that the coordinator may be behind, each asked what it is: one of them has to be writable, and only one. Two
 * writable ones are what is left of a failover without a fence; whatever is changed on one of them, the other does not know.
 *
 * <p>Each host is asked in a virtual thread of its own. One that did not answer the last time is not waited for again: its
 * answer counts when it is there, so that a dead standby holds up no pass.
 *
 * <p>Used by one thread at a time; {@link #close} by any.
 */
public final class CoordinatorHosts implements AutoCloseable {

    /** How long a host that was silent before is waited for; one that refuses or answers is faster than that. */
    private static final Duration PATIENCE_WITH_THE_SILENT = Duration.ofMillis(250);

    private static final String WHAT_ARE_YOU = """
            SELECT json_build_object('recovery', pg_is_in_recovery(),
                'readonly', current_setting('transaction_read_only') = 'on',
                'system', (SELECT system_identifier::text FROM pg_control_system()),
                'started', pg_postmaster_start_time(),
                'timeline', CASE WHEN NOT pg_is_in_recovery() THEN
                    ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END)""";

    private final Connector connector;
    private final CoordinatorSettings settings;
    private final CoordinatorFaults faults;
    private final ExecutorService askers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("coordinator-host-", 0).factory());
    private final Map<HostPort, Future<Answer>> asked = new HashMap<>();
    private final Set<HostPort> silent = new HashSet<>();

    /** Opens a connection to one host, whatever it is. */
    @FunctionalInterface
    public interface Connector {

        /**
         * Opens a connection, giving up after a few seconds.
         *
         * @throws SQLException if it cannot be had
         */
        Connection open(HostPort host) throws SQLException;
    }

    /**
     * Asks nobody yet.
     *
     * @param connector opens connections with Roster's role, password and TLS settings
     * @param settings the hosts and the limits
     */
    public CoordinatorHosts(Connector connector, CoordinatorSettings settings) {
        this.connector = connector;
        this.settings = settings;
        this.faults = new CoordinatorFaults(settings);
    }

    /** What a host said of itself. */
    private sealed interface Answer {

        record Writable(String system, String started, int timeline) implements Answer {

            /** A server that has two names is one server. */
            boolean isSameServer(Writable other) {
                return system.equals(other.system) && started.equals(other.started);
            }
        }

        record NotWritable(String why) implements Answer {}

        record Silent(String why) implements Answer {}
    }

    /**
     * Asks all hosts, and requires that exactly one server is writable. Asks nobody if there is but one host.
     *
     * @throws CoordinatorUnavailable if none is, or two are, with what each said
     */
    void requireOneWritable() throws CoordinatorUnavailable {
        if (settings.hosts().size() < 2) {
            return;
        }
        settings.hosts().forEach(host -> asked.computeIfAbsent(host, _ -> askers.submit(() -> ask(host))));
        Map<HostPort, Answer> answers = new HashMap<>();
        settings.hosts().forEach(host -> answers.put(host, answer(host)));
        judge(answers);
    }

    private void judge(Map<HostPort, Answer> answers) throws CoordinatorUnavailable {
        List<String> writable = new ArrayList<>();
        List<String> others = new ArrayList<>();
        List<Answer.Writable> servers = new ArrayList<>();
        for (HostPort host : settings.hosts()) {
            switch (answers.getOrDefault(host, new Answer.Silent("was not asked"))) {
                case Answer.Writable server -> {
                    if (servers.stream().noneMatch(server::isSameServer)) {
                        servers.add(server);
                        writable.add(host + " (system identifier " + server.system() + ", timeline " + server.timeline()
                                + ", up since " + server.started() + ")");
                    }
                }
                case Answer.NotWritable other -> others.add(host + " " + other.why());
                case Answer.Silent other -> others.add(host + " " + other.why());
            }
        }
        if (writable.size() > 1) {
            throw faults.severalWritable(writable);
        }
        if (writable.isEmpty()) {
            throw faults.noneWritable(others);
        }
    }

    private Answer answer(HostPort host) {
        Future<Answer> asking = asked.get(host);
        if (asking == null) {
            return new Answer.Silent("was not asked");
        }
        // All are asked at the same time, so that these waits do not add up.
        Duration patience = silent.contains(host)
                ? PATIENCE_WITH_THE_SILENT
                : settings.limits().connect();
        Answer answer;
        try {
            answer = asking.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            asked.remove(host);
        } catch (TimeoutException e) {
            answer = new Answer.Silent("does not answer in time");
        } catch (ExecutionException e) {
            asked.remove(host);
            answer = new Answer.Silent("could not be asked (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer = new Answer.Silent("was not asked to the end");
        }
        if (answer instanceof Answer.Silent) {
            silent.add(host);
        } else {
            silent.remove(host);
        }
        return answer;
    }

    private Answer ask(HostPort host) {
        long limit = settings.limits().connect().toMillis();
        try (Connection connection = connector.open(host)) {
            connection.setNetworkTimeout(Runnable::run, (int) (2 * limit));
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET statement_timeout = " + limit);
            }
            JsonNode said = new Session(connection).json(WHAT_ARE_YOU);
            if (said.path("recovery").asBoolean()) {
                return new Answer.NotWritable("is a standby");
            }
            if (said.path("readonly").asBoolean()) {
                return new Answer.NotWritable("accepts no writes");
            }
            return new Answer.Writable(
                    Json.required(said, "system"),
                    Json.instant(Json.required(said, "started")).toString(),
                    said.path("timeline").asInt());
        } catch (SQLException e) {
            return new Answer.Silent("cannot be asked (" + ServerWords.of(e) + ")");
        }
    }

    /** Gives up on whoever was not answered yet. */
    @Override
    public void close() {
        askers.shutdownNow();
    }
}
