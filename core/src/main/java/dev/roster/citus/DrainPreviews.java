package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.Node;
import dev.roster.execute.Refusal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what a drain would do, in transactions of which nothing remains. */
final class DrainPreviews {

    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final ErrorCatalogue catalogue;

    DrainPreviews(Transactions transactions, CoordinatorFaults faults, CoordinatorSettings settings) {
        this.transactions = transactions;
        this.faults = faults;
        this.catalogue = new ErrorCatalogue(settings);
    }

    DrainPreview of(Node node) throws CoordinatorUnavailable {
        List<Warned> warned = new ArrayList<>();
        try {
            JsonNode unmovable = transactions.read(session -> DrainCalls.unmovable(session, node));
            List<String> tables = Json.list(unmovable, "tables", JsonNode::asText);
            Optional<String> walLevel = Json.text(unmovable, "wal");
            try {
                return new DrainPreview(moves(node, warned), tables, walLevel, Optional.empty());
            } catch (SQLException e) {
                if (!ServerWords.sessionSurvives(e)) {
                    throw e;
                }
                Refusal refusal = catalogue.refusal(node.address(), "drain", e, warned);
                return new DrainPreview(
                        List.of(),
                        tables,
                        walLevel,
                        Optional.of(new DrainPreview.Hindrance(refusal.sentence(), refusal.remedy())));
            }
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("a preview refuses nothing", e);
        }
    }

    private List<DrainPreview.Move> moves(Node node, List<Warned> warned)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        return transactions.change(session -> {
            try {
                NodeCalls.takeTurn(session);
                List<DrainPreview.Move> moves = DrainCalls.plan(session, node);
                session.connection().rollback();
                return moves;
            } finally {
                warned.addAll(session.warnings());
            }
        });
    }
}
