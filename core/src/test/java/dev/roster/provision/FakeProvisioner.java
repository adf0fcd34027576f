package dev.roster.provision;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.FakeCoordinator;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scripts in memory. It knows as much SQL as the tests need: {@code CREATE TABLE public.x (...)}, with or without {@code IF NOT
 * EXISTS}, and statements that fail ({@code SELECT 1/0}), take too long ({@code pg_sleep}), or have no place in a transaction.
 * Not thread-safe.
 */
public final class FakeProvisioner implements Provisioner {

    private static final Pattern CREATE =
            Pattern.compile("(?i)CREATE TABLE (IF NOT EXISTS )?(public\\.\\w+) .*", Pattern.DOTALL);

    private final FakeCoordinator coordinator;
    private final FakeServers servers;
    private final InstantSource clock;
    private final Map<String, Provisioned> done = new LinkedHashMap<>();
    private final List<String> ran = new ArrayList<>();

    /**
     * @param coordinator whose members these are, and whose ledger has the journal
     * @param servers who is reached
     * @param clock the time
     */
    public FakeProvisioner(FakeCoordinator coordinator, FakeServers servers, InstantSource clock) {
        this.coordinator = coordinator;
        this.servers = servers;
        this.clock = clock;
    }

    /** Every script that was sent to a server, as {@code worker-sql on pg-1:5432}. */
    public List<String> ran() {
        return List.copyOf(ran);
    }

    @Override
    public List<Provisioned> done() throws CoordinatorUnavailable {
        coordinator.requireUp();
        return List.copyOf(done.values());
    }

    @Override
    public List<Attempt> onMembers(Script script, List<Target.Member> members) throws CoordinatorUnavailable {
        List<Attempt> attempts = new ArrayList<>();
        for (Target.Member member : members) {
            attempts.add(carryOut(script, member));
        }
        return attempts;
    }

    @Override
    public Attempt onCoordinator(Script script, Target.Coordinator target) throws CoordinatorUnavailable {
        return carryOut(script, target);
    }

    private Attempt carryOut(Script script, Target target) throws CoordinatorUnavailable {
        coordinator.requireUp();
        Attempt.Result result = result(script, target);
        Attempt attempt = new Attempt(target, script, result);
        if (result instanceof Attempt.Result.Done) {
            Provisioned row = new Provisioned(target.key(), target.system(), script.fingerprint(), clock.instant());
            if (!row.equals(done.put(row.key(), row))) {
                coordinator.record(List.of(ProvisionBooks.done(attempt, clock.instant())));
            }
        }
        return attempt;
    }

    private Attempt.Result result(Script script, Target target) {
        Provisioned known = done.get(target.key());
        if (known != null && known.covers(target, script)) {
            return new Attempt.Result.Done();
        }
        ran.add(target.script() + " on " + target.address());
        FakeServer server = servers.reachable(target.address()).orElse(null);
        if (server == null) {
            return failed(0, 0, "08006", "failed to connect to " + target.address());
        }
        if (!server.identity.systemIdentifier().equals(target.system())) {
            return new Attempt.Result.Outdated("another server");
        }
        Map<String, Integer> tables = new TreeMap<>(server.localTables);
        int number = 0;
        int line = 1;
        for (String piece : script.text().split(";", -1)) {
            String sql = piece.strip();
            if (!sql.isEmpty()) {
                number++;
                int begins = line
                        + (int) piece.substring(0, piece.indexOf(sql))
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                String state = run(sql, tables);
                if (!state.equals("00000")) {
                    return failed(number, begins, state, sql + " failed");
                }
            }
            line += (int) piece.chars().filter(c -> c == '\n').count();
        }
        server.localTables.putAll(tables);
        return new Attempt.Result.Done();
    }

    private static String run(String sql, Map<String, Integer> tables) {
        if (sql.contains("1/0")) {
            return "22012";
        }
        if (sql.contains("pg_sleep")) {
            return "57014";
        }
        if (sql.startsWith("VACUUM")) {
            return "25001";
        }
        if (sql.equals("COMMIT")) {
            return "";
        }
        Matcher create = CREATE.matcher(sql);
        if (create.matches() && tables.put(create.group(2), 0) != null && create.group(1) == null) {
            return "42P07";
        }
        return "00000";
    }

    private static Attempt.Result failed(int statement, int line, String state, String message) {
        return new Attempt.Result.Failed(new Attempt.Fault(statement, line, state, message, "correct the file"));
    }
}
