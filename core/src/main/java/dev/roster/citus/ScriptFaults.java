package dev.roster.citus;

import dev.roster.provision.Attempt;
import dev.roster.provision.Target;
import java.util.Optional;

/** Why a person's own SQL failed, with a remedy. The SQLSTATE decides. */
final class ScriptFaults {

    private ScriptFaults() {}

    /** Why the statement with this number failed. */
    static Attempt.Fault of(SqlFile file, int number, String sqlState, String message, String user) {
        Optional<SqlFile.Statement> statement = file.statements().stream()
                .filter(each -> each.number() == number)
                .findFirst();
        return new Attempt.Fault(
                statement.map(SqlFile.Statement::number).orElse(0),
                statement.map(SqlFile.Statement::line).orElse(0),
                sqlState,
                message,
                remedy(sqlState, user));
    }

    /** Why a member could not be asked at all. */
    static Attempt.Fault untold(String answer, Target.Member member) {
        boolean unreachable = answer.startsWith("failed to connect");
        return new Attempt.Fault(
                0,
                0,
                unreachable ? "08006" : "",
                answer,
                unreachable
                        ? "nothing to do if it is back soon; else see what roster check says of " + member.address()
                        : "look at the log of " + member.address());
    }

    private static String remedy(String sqlState, String user) {
        return switch (sqlState) {
            case "25001", "0A000", "2D000" ->
                "what cannot run in a transaction, or reads from the client, has no place in the file; run it by hand";
            case "42601" -> "correct the file; psql's own commands (\\i, \\set) are no SQL";
            case "42501" -> "let the role " + user + " do this, or leave it out";
            case "42P06", "42P07", "42710", "42723", "42701", "42P04", "23505" ->
                "write the file so that it can run again: IF NOT EXISTS, OR REPLACE, ON CONFLICT DO NOTHING";
            case "57014" -> "raise roster.provision.timeout, or run what takes so long by hand";
            case "55P03" -> "another session holds a lock that is needed; look at pg_locks there";
            default -> "correct the file, or what it needs there";
        };
    }
}
