package dev.roster.citus;

import dev.roster.provision.Attempt;
import dev.roster.provision.Target;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file as the one command that {@code master_run_on_worker} takes: a block that makes sure of its server, then executes the
 * statements one by one in its transaction, and says which one failed with its SQLSTATE, which Citus would leave out.
 */
final class MemberScript {

    private static final Pattern TOLD = Pattern.compile("(?s)\\s*ERROR:\\s+roster:(\\w+):(\\d+):(\\w{5}): ?(.*)");

    private MemberScript() {}

    /** The command for one member. */
    static String of(SqlFile file, Target.Member member, Duration lockLimit) {
        String outer = tag("block", file);
        String inner = tag("sql", file);
        StringBuilder steps = new StringBuilder();
        for (SqlFile.Statement statement : file.statements()) {
            steps.append("        at := ").append(statement.number()).append("; EXECUTE ");
            steps.append(inner).append(statement.sql()).append(inner).append(";\n");
        }
        String otherData = member.identity().isEmpty()
                ? "false"
                : "(SELECT system_identifier::text FROM pg_catalog.pg_control_system()) <> "
                        + ProbeQuery.literal(member.system());
        return """
            DO %1$s
            DECLARE
                at int := 0;
            BEGIN
                IF pg_catalog.pg_is_in_recovery()
                   OR (SELECT groupid FROM pg_catalog.pg_dist_local_group) <> %2$d
                   OR %3$s THEN
                    RAISE EXCEPTION 'roster:other:0:00000: ';
                END IF;
                IF NOT pg_catalog.pg_try_advisory_xact_lock(%4$d, %5$d) THEN
                    RAISE EXCEPTION 'roster:busy:0:00000: ';
                END IF;
                PERFORM pg_catalog.set_config('citus.enable_ddl_propagation', 'off', true),
                        pg_catalog.set_config('lock_timeout', '%6$d', true);
                BEGIN
            %7$s
                EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
                    RAISE EXCEPTION USING MESSAGE = pg_catalog.format('roster:failed:%%s:%%s: %%s', at, SQLSTATE, SQLERRM);
                END;
            END
            %1$s""".formatted(
                        outer,
                        member.group().value(),
                        otherData,
                        NodeCalls.LOCK_SPACE,
                        CitusProvisioner.LOCK,
                        lockLimit.toMillis(),
                        steps);
    }

    /** What the answer of a member means. */
    static Attempt.Result result(boolean success, String answer, SqlFile file, Target.Member member, String user) {
        if (success) {
            return new Attempt.Result.Done();
        }
        Matcher told = TOLD.matcher(answer);
        if (!told.matches()) {
            return new Attempt.Result.Failed(ScriptFaults.untold(answer.strip(), member));
        }
        return switch (told.group(1)) {
            case "other" ->
                new Attempt.Result.Outdated(
                        "the server at " + member.address() + " is another one, or a standby, by now");
            case "busy" -> new Attempt.Result.Outdated("the try before still runs at " + member.address());
            default -> {
                int number = Integer.parseInt(told.group(2));
                yield new Attempt.Result.Failed(ScriptFaults.of(
                        file, number, told.group(3), told.group(4).strip(), user));
            }
        };
    }

    /** A dollar quote that the file does not contain. */
    private static String tag(String word, SqlFile file) {
        String tag = "$" + word + "$";
        for (int i = 0; contains(file, tag); i++) {
            tag = "$" + word + i + "$";
        }
        return tag;
    }

    private static boolean contains(SqlFile file, String tag) {
        return file.statements().stream().anyMatch(statement -> statement.sql().contains(tag));
    }
}
