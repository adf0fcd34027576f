package dev.roster.plan;

import java.util.List;
import java.util.Optional;

/** One row of the situation table: its decision, or nothing if another row has to decide. */
@FunctionalInterface
interface Row<S> {

    Optional<Decision> judge(S subject);

    /** The decision of the first matching row. The last row of a table matches everything. */
    static <S> Decision first(List<Row<S>> rows, S subject) {
        for (Row<S> row : rows) {
            Optional<Decision> decision = row.judge(subject);
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        throw new IllegalStateException("no row of the table matches " + subject);
    }
}
