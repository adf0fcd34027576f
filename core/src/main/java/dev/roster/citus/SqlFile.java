package dev.roster.citus;

import dev.roster.provision.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The statements of a file. They are sent one by one, since Citus sends the whole text of a request on to the shards, and since
 * of several statements in one request {@code master_run_on_worker} reads the first answer only.
 *
 * @param statements in the order of the file
 */
record SqlFile(List<Statement> statements) {

    /** What would begin or end a transaction; the file is one. */
    private static final Set<String> TRANSACTION =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE");

    SqlFile {
        statements = List.copyOf(statements);
    }

    /**
     * One statement.
     *
     * @param number from 1
     * @param line the line of the file on which it begins, from 1
     * @param sql without the semicolon
     * @param words its first words, in capitals
     */
    record Statement(int number, int line, String sql, List<String> words) {

        private boolean isAboutTransactions() {
            return !words.isEmpty()
                    && (TRANSACTION.contains(words.getFirst())
                            || (words.size() > 1 && words.subList(0, 2).equals(List.of("PREPARE", "TRANSACTION"))));
        }
    }

    /** The file with this text. */
    static SqlFile of(String text) {
        List<Statement> statements = new ArrayList<>();
        int line = 1;
        int counted = 0;
        for (SqlSplitter.Piece piece : new SqlSplitter(text).split()) {
            line += (int) text.substring(counted, piece.from())
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
            counted = piece.from();
            statements.add(new Statement(statements.size() + 1, line, piece.sql(), piece.words()));
        }
        return new SqlFile(statements);
    }

    /** Why this file cannot be carried out whatever the server says; empty if it can. */
    Optional<Attempt.Fault> fault() {
        return statements.stream()
                .filter(Statement::isAboutTransactions)
                .findFirst()
                .map(statement -> new Attempt.Fault(
                        statement.number(),
                        statement.line(),
                        "",
                        "the file is one transaction, and this would begin or end one",
                        "leave such statements out"));
    }
}
