package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.LossPreview;
import java.util.Optional;

/** Reads what a replacement would lose. */
final class LossPreviews {

    private LossPreviews() {}

    static LossPreview read(JsonNode answer) {
        int copied = answer.path("copied").asInt();
        return new LossPreview(
                Json.list(
                        answer,
                        "tables",
                        row -> new LossPreview.LostTable(
                                Json.required(row, "name"),
                                row.path("lost").asInt(),
                                row.path("of").asInt())),
                copied,
                copied == 0 || answer.path("copies").asBoolean()
                        ? Optional.empty()
                        : Optional.of(new DrainPreview.Hindrance(
                                copied + " shards have copies on other nodes, and this Citus cannot copy single shards"
                                        + " (worker_copy_table_to_node is missing)",
                                "update Citus to 11.2 or later")));
    }
}
