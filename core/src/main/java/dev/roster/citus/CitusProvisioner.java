package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.ledger.LedgerChange;
import dev.roster.provision.Attempt;
import dev.roster.provision.ProvisionBooks;
import dev.roster.provision.Provisioned;
import dev.roster.provision.Provisioner;
import dev.roster.provision.Script;
import dev.roster.provision.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Scripts by JDBC: on the coordinator statement by statement in one transaction with the ledger's row, on members as one block
 * each through {@code master_run_on_worker}. When its statement runs into the limit Citus cancels what runs on the members.
 */
final class CitusProvisioner implements Provisioner {

    /** Second half of the key of the advisory lock that whoever carries out a script holds. */
    static final int LOCK = 3;

    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(?::int, ?::int)::text";
    private static final String SELF = "SELECT json_build_object(" + SnapshotQuery.SELF + ")";

    private static final String ON_MEMBERS = """
            SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port,
                                              'success', a.success, 'result', a.result))
              FROM pg_catalog.master_run_on_worker(?::text[], ?::int[], ?::text[], true) a""";

    /** As a person would find it at a prompt, but one connection to each node: roles and extensions need that in Citus. */
    private static final List<String> SET_UP =
            List.of("SET LOCAL search_path TO DEFAULT", "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'");

    /** Whoever the script made of itself, the ledger is written as Roster's own role. */
    private static final List<String> TAKE_DOWN =
            List.of("SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE", "SET search_path TO ''");

    private final Transactions single;
    private final Transactions pooled;
    private final CoordinatorSettings settings;
    private final CoordinatorFaults faults;
    private final Coordinator coordinator;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Duration timeout;
    private final Map<String, Provisioned> remembered = new ConcurrentHashMap<>();
    private volatile boolean tableSeen;

    CitusProvisioner(
            Transactions single,
            Transactions pooled,
            CoordinatorSettings settings,
            Ledger ledger,
            InstantSource clock,
            Duration timeout) {
        this.single = single;
        this.pooled = pooled;
        this.settings = settings;
        this.faults = new CoordinatorFaults(settings);
        this.coordinator = new Coordinator(faults, settings);
        this.ledger = ledger;
        this.clock = clock;
        this.timeout = timeout;
    }

    @Override
    public List<Provisioned> done() throws CoordinatorUnavailable {
        if (isInMemory()) {
            return List.copyOf(remembered.values());
        }
        try {
            return pooled.read(session -> {
                tableSeen = tableSeen || ProvisionTable.exists(session);
                return tableSeen ? ProvisionTable.read(session) : List.of();
            });
        } catch (SQLException e) {
            tableSeen = false;
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    @Override
    public List<Attempt> onMembers(Script script, List<Target.Member> members) throws CoordinatorUnavailable {
        return new Turn<>(script, members).take(this::runOnMembers);
    }

    @Override
    public Attempt onCoordinator(Script script, Target.Coordinator target) throws CoordinatorUnavailable {
        return new Turn<>(script, List.of(target)).take(this::runOnCoordinator).getFirst();
    }

    private boolean isInMemory() {
        return settings.ledger() == CoordinatorSettings.LedgerPlace.MEMORY;
    }

    private <T extends Target> List<Attempt.Result> runOnMembers(Session session, Turn<T> turn, SqlFile file)
            throws SQLException {
        List<Target.Member> members =
                turn.targets.stream().map(Target.Member.class::cast).toList();
        String[] commands = members.stream()
                .map(member -> MemberScript.of(file, member, settings.limits().lock()))
                .toArray(String[]::new);
        JsonNode rows = session.json(
                ON_MEMBERS,
                members.stream().map(member -> member.address().host()).toArray(String[]::new),
                members.stream().map(member -> member.address().port()).toArray(Integer[]::new),
                commands);
        Map<HostPort, JsonNode> answers = new HashMap<>();
        rows.forEach(row -> answers.put(Json.address(row), row));
        List<Attempt.Result> results = new ArrayList<>();
        for (Target.Member member : members) {
            JsonNode answer = answers.getOrDefault(member.address(), Json.object());
            results.add(MemberScript.result(
                    answer.path("success").asBoolean(),
                    Json.text(answer, "result").orElse("no answer"),
                    file,
                    member,
                    settings.user()));
        }
        return results;
    }

    private <T extends Target> List<Attempt.Result> runOnCoordinator(Session session, Turn<T> turn, SqlFile file)
            throws SQLException {
        for (String statement : SET_UP) {
            session.run(statement);
        }
        for (SqlFile.Statement statement : file.statements()) {
            turn.at = statement.number();
            session.run("SET LOCAL statement_timeout = " + turn.left().toMillis());
            session.run(statement.sql());
        }
        turn.at = 0;
        for (String statement : TAKE_DOWN) {
            session.run(statement);
        }
        return List.of(new Attempt.Result.Done());
    }

    /** What is done once the turn is taken and everything is as it was planned for. */
    @FunctionalInterface
    private interface Step<T extends Target> {
        List<Attempt.Result> take(Session session, Turn<T> turn, SqlFile file) throws SQLException;
    }

    /** One transaction. */
    private final class Turn<T extends Target> {

        private final Script script;
        private final List<T> targets;
        private final long began = System.nanoTime();
        private final List<LedgerChange> lines = new ArrayList<>();
        private final List<Provisioned> rows = new ArrayList<>();
        private SqlFile sql = new SqlFile(List.of());
        private int at;

        Turn(Script script, List<T> targets) {
            this.script = script;
            this.targets = targets;
        }

        List<Attempt> take(Step<T> step) throws CoordinatorUnavailable {
            try {
                SqlFile file = SqlFile.of(script.text());
                Optional<Attempt.Fault> unfit = file.fault();
                if (unfit.isPresent()) {
                    return all(new Attempt.Result.Failed(unfit.get()));
                }
                sql = file;
                makeTable();
                List<Attempt> attempts = single.within(timeout, session -> in(session, step, file));
                ledger.committed(lines);
                rows.forEach(row -> remembered.put(row.key(), row));
                return attempts;
            } catch (SQLException e) {
                if (!ServerWords.sessionSurvives(e)) {
                    throw faults.lost(e);
                }
                String state = Optional.ofNullable(e.getSQLState()).orElse("");
                return all(
                        new Attempt.Result.Failed(ScriptFaults.of(sql, at, state, ServerWords.of(e), settings.user())));
            } catch (RefusedException e) {
                throw new IllegalStateException("a script is refused by its statements alone", e);
            }
        }

        /** In a transaction before, since making it switches off what the script may need. */
        private void makeTable() throws SQLException, CoordinatorUnavailable, RefusedException {
            ledger.prepare(pooled);
            if (!isInMemory() && !tableSeen) {
                pooled.change(session -> {
                    NodeCalls.takeTurn(session);
                    ProvisionTable.create(session);
                    return true;
                });
                tableSeen = true;
            }
        }

        private List<Attempt> in(Session session, Step<T> step, SqlFile file)
                throws SQLException, CoordinatorUnavailable {
            if (!"true".equals(session.text(TRY_LOCK, NodeCalls.LOCK_SPACE, LOCK))) {
                return all(new Attempt.Result.Outdated("another Roster carries out a script"));
            }
            JsonNode self = session.json(SELF);
            coordinator.require(session, self);
            String system = Json.required(self, "system");
            if (targets.stream()
                    .anyMatch(target -> target instanceof Target.Coordinator
                            && !target.system().equals(system))) {
                return all(new Attempt.Result.Outdated("the coordinator is another server by now"));
            }
            if (!isInMemory() && hasAll(session)) {
                return all(new Attempt.Result.Done());
            }
            return booked(session, step.take(session, this, file));
        }

        private boolean hasAll(Session session) throws SQLException {
            for (T target : targets) {
                if (!ProvisionTable.has(session, target.key(), target.system(), script.fingerprint())) {
                    return false;
                }
            }
            return true;
        }

        private List<Attempt> booked(Session session, List<Attempt.Result> results) throws SQLException {
            List<Attempt> attempts = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                Attempt attempt = new Attempt(targets.get(i), script, results.get(i));
                attempts.add(attempt);
                if (attempt.result() instanceof Attempt.Result.Done) {
                    book(session, attempt);
                }
            }
            ledger.write(session, lines);
            return attempts;
        }

        private void book(Session session, Attempt attempt) throws SQLException {
            Target target = attempt.target();
            Provisioned row = new Provisioned(target.key(), target.system(), script.fingerprint(), clock.instant());
            rows.add(row);
            lines.add(ProvisionBooks.done(attempt, row.at()));
            if (!isInMemory()) {
                ProvisionTable.write(session, row);
            }
        }

        /** What is left of the time for the whole file; once there is none, the next statement is cancelled at once. */
        private Duration left() {
            Duration left = timeout.minusNanos(System.nanoTime() - began);
            return left.isPositive() ? left.plusMillis(1) : Duration.ofMillis(1);
        }

        private List<Attempt> all(Attempt.Result result) {
            return targets.stream()
                    .map(target -> new Attempt(target, script, result))
                    .toList();
        }
    }
}
