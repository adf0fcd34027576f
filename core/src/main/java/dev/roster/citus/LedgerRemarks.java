package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.cluster.NodeId;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.Interference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ledger remembers of the cluster as a whole: one value of JSON for each thing, in the first row of its versions. */
final class LedgerRemarks {

    static final String DOUBT = "doubt";

    /** Followed by a system identifier. */
    static final String OTHER = "other ";

    static final String JOINS = "joins";

    private LedgerRemarks() {}

    static ObjectNode joins(NodeId served) {
        return Json.object().put("served", served.value());
    }

    /** Nothing where the tables are an earlier version's. */
    static Optional<NodeId> joinsServed(JsonNode ledger) {
        JsonNode served = ledger.path("first").path("remarks").path(JOINS).path("served");
        return served.isInt() ? Optional.of(new NodeId(served.asInt())) : Optional.empty();
    }

    static ObjectNode row(CoordinatorDoubt doubt) {
        ObjectNode row = Json.object();
        row.put("since", doubt.since().toString());
        row.put("evidence", doubt.evidence());
        row.put("node", doubt.node());
        row.put("placement", doubt.placement());
        doubt.acceptance().ifPresent(acceptance -> {
            row.put("by", acceptance.by());
            row.put("at", acceptance.at().toString());
        });
        return row;
    }

    static ObjectNode row(Interference interference) {
        ObjectNode row = Json.object();
        row.put("host", interference.address().host());
        row.put("port", interference.address().port());
        interference.assistSince().ifPresent(since -> row.put("assists", since.toString()));
        ArrayNode changes = row.putArray("changes");
        interference
                .changes()
                .forEach(change ->
                        changes.addObject().put("at", change.at().toString()).put("what", change.what()));
        return row;
    }

    static List<Interference> interferences(JsonNode ledger) {
        List<Interference> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each :
                ledger.path("first").path("remarks").properties()) {
            if (each.getKey().startsWith(OTHER)) {
                JsonNode row = each.getValue();
                all.add(new Interference(
                        each.getKey().substring(OTHER.length()),
                        Json.address(row),
                        Json.list(
                                row,
                                "changes",
                                change -> new Interference.Change(
                                        Json.instant(Json.required(change, "at")), Json.required(change, "what"))),
                        Json.text(row, "assists").map(Json::instant)));
            }
        }
        return all;
    }

    /** Nothing where the tables are an earlier version's. */
    static Optional<CoordinatorDoubt> doubt(JsonNode ledger) {
        JsonNode row = ledger.path("first").path("remarks").path(DOUBT);
        if (!row.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new CoordinatorDoubt(
                Json.instant(Json.required(row, "since")),
                Json.required(row, "evidence"),
                row.path("node").asLong(),
                row.path("placement").asLong(),
                Json.text(row, "by")
                        .map(by -> new CoordinatorDoubt.Acceptance(by, Json.instant(Json.required(row, "at"))))));
    }
}
