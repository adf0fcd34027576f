package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerProbe;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Probes through the coordinator ({@code master_run_on_worker}, docs/citus.md section 12): its resolver, its route, its
 * credentials, all servers in one statement and in parallel. A server that connects and then never answers would hold up the
 * statement; if that runs into its limit, the servers are asked again in two halves.
 *
 * <p>Thread-safe.
 */
public final class CoordinatorProbe implements ServerProbe {

    static final String ASK = """
            SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port,
                                              'success', a.success, 'result', a.result, 'compared', (%s)))
              FROM (SELECT array_agg(w.host) AS hosts, array_agg(w.port) AS ports,
                           array_agg(replace(w.command, '@tables@', t.tables)) AS commands
                      FROM unnest(?::text[], ?::int[], ?::text[]) AS w(host, port, command),
                           (SELECT quote_literal((%s)) AS tables) t) q,
                   pg_catalog.master_run_on_worker(q.hosts, q.ports, q.commands, true) a""".formatted(ProbeQuery.TABLE_NAMES, ProbeQuery.OWN_TABLES);

    /** The same question without this cluster's tables, where nobody needs them. */
    private static final String ASK_MEMBERS = """
            SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port,
                                              'success', a.success, 'result', a.result))
              FROM pg_catalog.master_run_on_worker(?::text[], ?::int[], ?::text[], true) a""";

    /** Says the reason of each failed connection in a warning, which the answer of the question does not. */
    private static final String EXPLAIN = """
            SELECT count(*)::text
              FROM (SELECT pg_catalog.citus_check_connection_to_node(w.host, w.port)
                      FROM unnest(?::text[], ?::int[]) AS w(host, port)) c""";

    private static final String CREATE_EXTENSION = "CREATE EXTENSION IF NOT EXISTS citus";

    /** So many failures are explained in one go; each costs another try to connect. */
    private static final int MOST_EXPLAINED = 20;

    private final CoordinatorSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final ProbeFailures failures;
    private final RecentSilence silence;

    /**
     * A probe; connects to nothing yet.
     *
     * @param source connections to the coordinator
     * @param settings its limits, and whether a missing extension is created
     * @param clock the time of the answers
     */
    public CoordinatorProbe(DataSource source, CoordinatorSettings settings, InstantSource clock) {
        this(source, settings, clock, System::nanoTime);
    }

    CoordinatorProbe(DataSource source, CoordinatorSettings settings, InstantSource clock, LongSupplier nanos) {
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.transactions = new Transactions(source, settings);
        this.faults = new CoordinatorFaults(settings);
        this.failures = new ProbeFailures(settings, clock);
        this.silence = new RecentSilence(nanos);
    }

    @Override
    public Map<HostPort, ProbeResult> probe(Collection<ProbeRequest> requests) throws CoordinatorUnavailable {
        if (requests.isEmpty()) {
            return Map.of();
        }
        Map<HostPort, ProbeResult> answers = new HashMap<>();
        try {
            ask(List.copyOf(requests), answers);
            if (settings.createExtension()) {
                createExtensions(requests, answers);
            }
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("a probe refuses nothing", e);
        }
        return answers;
    }

    private void ask(List<ProbeRequest> requests, Map<HostPort, ProbeResult> answers)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        long start = nanos.getAsLong();
        try {
            JsonNode rows = transactions.probe(session -> session.json(
                    anyCandidate(requests) ? ASK : ASK_MEMBERS, hosts(requests), ports(requests), commands(requests)));
            answers.putAll(read(rows, requests));
        } catch (SQLException e) {
            if (!"57014".equals(e.getSQLState())) {
                throw e;
            }
            askHalves(requests, answers);
            return;
        }
        boolean nobodyWasSilent = nanos.getAsLong() - start
                < settings.limits().probe().dividedBy(2).toNanos();
        if (nobodyWasSilent) {
            requests.forEach(request -> silence.forget(request.address()));
        }
        explain(requests, answers);
    }

    private void askHalves(List<ProbeRequest> requests, Map<HostPort, ProbeResult> answers)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        if (requests.size() == 1) {
            answers.put(
                    requests.getFirst().address(),
                    failures.silent(requests.getFirst().address()));
            return;
        }
        int middle = requests.size() / 2;
        ask(requests.subList(0, middle), answers);
        ask(requests.subList(middle, requests.size()), answers);
    }

    private Map<HostPort, ProbeResult> read(JsonNode rows, List<ProbeRequest> requests) {
        Map<HostPort, ProbeRequest> asked = new HashMap<>();
        requests.forEach(request -> asked.put(request.address(), request));
        Map<HostPort, ProbeResult> answers = new HashMap<>();
        for (JsonNode row : rows) {
            HostPort address = Json.address(row);
            ProbeRequest request = asked.get(address);
            if (request != null) {
                String result = Json.text(row, "result").orElse("");
                answers.put(
                        address,
                        row.path("success").asBoolean()
                                ? new ProbeResult.Answered(
                                        clock.instant(),
                                        ProbeQuery.report(
                                                Json.read(result),
                                                request,
                                                Json.text(row, "compared").orElse("")))
                                : failures.told(address, result));
            }
        }
        requests.forEach(
                request -> answers.putIfAbsent(request.address(), failures.told(request.address(), "no answer")));
        return answers;
    }

    private void explain(List<ProbeRequest> requests, Map<HostPort, ProbeResult> answers)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        List<ProbeRequest> unexplained = unexplained(requests, answers);
        unexplained.stream()
                .map(ProbeRequest::address)
                .filter(silence::contains)
                .forEach(address -> answers.put(address, failures.silent(address)));
        List<ProbeRequest> asked =
                unexplained(unexplained, answers).stream().limit(MOST_EXPLAINED).toList();
        if (asked.isEmpty()) {
            return;
        }
        List<Warned> warnings = new ArrayList<>();
        boolean cutShort = false;
        try {
            transactions.probe(session -> {
                try {
                    session.text(EXPLAIN, hosts(asked), ports(asked));
                } finally {
                    warnings.addAll(session.warnings());
                }
                return true;
            });
        } catch (SQLException e) {
            if (!"57014".equals(e.getSQLState())) {
                throw e;
            }
            cutShort = true;
        }
        for (Warned warned : warnings) {
            Blame.of(warned.message())
                    .filter(answers::containsKey)
                    .ifPresent(address -> answers.put(address, failures.told(address, warned.message())));
        }
        if (cutShort) {
            // They are asked one after another, and this is the one that was waited for.
            unexplained(asked, answers).stream()
                    .findFirst()
                    .map(ProbeRequest::address)
                    .ifPresent(address -> answers.put(address, failures.silent(address)));
        }
        asked.stream()
                .map(ProbeRequest::address)
                .filter(address -> failure(answers.get(address))
                        .filter(failure -> failure == ProbeFailure.TIMEOUT)
                        .isPresent())
                .forEach(silence::note);
    }

    /** Those of whom the coordinator has only told that they cannot be reached. */
    private static List<ProbeRequest> unexplained(List<ProbeRequest> requests, Map<HostPort, ProbeResult> answers) {
        return requests.stream()
                .filter(request -> failure(answers.get(request.address()))
                        .filter(failure -> failure == ProbeFailure.UNREACHABLE)
                        .isPresent())
                .toList();
    }

    private void createExtensions(Collection<ProbeRequest> requests, Map<HostPort, ProbeResult> answers)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        List<ProbeRequest> lacking = requests.stream()
                .filter(request -> request.depth() == ProbeRequest.Depth.CANDIDATE)
                .filter(request -> failure(answers.get(request.address()))
                        .filter(failure -> failure == ProbeFailure.NO_EXTENSION)
                        .isPresent())
                .toList();
        if (lacking.isEmpty()) {
            return;
        }
        String[] commands = lacking.stream().map(request -> CREATE_EXTENSION).toArray(String[]::new);
        transactions.change(session -> session.json(ASK_MEMBERS, hosts(lacking), ports(lacking), commands));
        ask(lacking, answers);
    }

    private static Optional<ProbeFailure> failure(@Nullable ProbeResult result) {
        return result instanceof ProbeResult.Failed failed ? Optional.of(failed.failure()) : Optional.empty();
    }

    private static boolean anyCandidate(List<ProbeRequest> requests) {
        return requests.stream().anyMatch(request -> request.depth() == ProbeRequest.Depth.CANDIDATE);
    }

    private static String[] hosts(List<ProbeRequest> requests) {
        return requests.stream().map(request -> request.address().host()).toArray(String[]::new);
    }

    private static Integer[] ports(List<ProbeRequest> requests) {
        return requests.stream().map(request -> request.address().port()).toArray(Integer[]::new);
    }

    private String[] commands(List<ProbeRequest> requests) {
        Duration limit = settings.limits().probe();
        return requests.stream()
                .map(request -> ProbeQuery.of(request, limit.toMillis()))
                .toArray(String[]::new);
    }
}
