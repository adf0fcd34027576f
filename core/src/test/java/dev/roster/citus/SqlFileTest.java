package dev.roster.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlFileTest {

    @Test
    void statementsAreToldApartWithTheirLines() {
        SqlFile file = SqlFile.of("-- first; one\nSELECT 1;\n\n  SELECT ';', $$;$$, $a$;$$;$a$;SELECT 3\n;\n;\n");

        assertThat(file.statements())
                .extracting(
                        SqlFile.Statement::number,
                        SqlFile.Statement::line,
                        statement -> statement.sql().strip())
                .containsExactly(
                        tuple(1, 2, "SELECT 1"), tuple(2, 4, "SELECT ';', $$;$$, $a$;$$;$a$"), tuple(3, 4, "SELECT 3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'it''s; fine'",
                "SELECT E'a\\';b'",
                "SELECT 'a\\'",
                "SELECT \"a;\"\"b\" FROM t",
                "SELECT $1$2 /* ; /* ; */ ; */ + 1",
                "SELECT a$b$c",
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
                "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN RETURN 1; END; $f$",
                "SELECT a->>'x;', b ? 'y', c::text FROM t WHERE d <> $tag$;$ta$;$tag$"
            })
    void oneStatementStaysOne(String sql) {
        SqlFile file = SqlFile.of(sql + "; SELECT 3");

        assertThat(file.statements()).extracting(SqlFile.Statement::sql).containsExactly(sql, "SELECT 3");
        assertThat(file.fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT 'open; SELECT 2", "SELECT $$open; SELECT 2", "/* open; SELECT 2", "SELECT (1; SELECT 2"})
    void whatIsLeftOpenGoesToTheEnd(String sql) {
        assertThat(SqlFile.of(sql).statements().size()).isLessThanOrEqualTo(1);
    }

    @Test
    void aFileOfCommentsHasNoStatement() {
        assertThat(SqlFile.of("-- a\n/* b; */ ;;\n").statements()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "begin;",
                "START TRANSACTION",
                "-- x\n/* y */ commit",
                "END",
                "ROLLBACK",
                "ABORT",
                "SAVEPOINT a",
                "RELEASE a",
                "PREPARE TRANSACTION 'x'"
            })
    void whatBeginsOrEndsATransactionIsAFault(String sql) {
        assertThat(SqlFile.of("SELECT 1;" + sql).fault()).hasValueSatisfying(fault -> {
            assertThat(fault.statement()).isEqualTo(2);
            assertThat(fault.remedy()).isEqualTo("leave such statements out");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'COMMIT'",
                "PREPARE p AS SELECT 1",
                "ENDLESS",
                "COMMENT ON TABLE commit IS 'x'",
                "CREATE TABLE begin (id int)"
            })
    void whatOnlyLooksAlikeIsNone(String sql) {
        assertThat(SqlFile.of(sql).fault()).isEmpty();
    }
}
