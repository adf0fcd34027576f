package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.HostPort;
import java.util.Optional;

/** A shard that a new server is to get, and the statements of PL/pgSQL that make it, all by functions of Citus. */
final class LostShard {

    private static final String APPLY_BETWEEN =
            "PERFORM pg_catalog.worker_apply_inter_shard_ddl_command(%d, %s, %d, %s, %s);\n";

    private final JsonNode row;

    LostShard(JsonNode row) {
        this.row = row;
    }

    long id() {
        return row.path("id").asLong();
    }

    /** Shards of one unit refer to each other, so they are made in one transaction. */
    String unit() {
        return Json.required(row, "unit");
    }

    boolean isOfReferenceTable() {
        return row.path("reference").asBoolean();
    }

    /** A server with another placement of it; empty if its rows are lost. */
    Optional<HostPort> source() {
        return row.path("source").isObject() ? Optional.of(Json.address(row.path("source"))) : Optional.empty();
    }

    /** With its schema, quoted. */
    String relation() {
        return Json.required(row, "relation");
    }

    /** Its columns but those that are generated. */
    String columns() {
        return Json.required(row, "columns");
    }

    /** Its schema, quoted. */
    String schema() {
        return Json.required(row, "quotedSchema");
    }

    /** Without its schema, quoted. */
    String name() {
        return relation().substring(schema().length() + 1);
    }

    /** Where its rows are gathered before it takes its name. */
    String staged() {
        return ReplaceCalls.STAGE + "." + name();
    }

    /** Makes it, without what refers to others. */
    String made() {
        return applied("lines");
    }

    /** What waits for its rows. */
    String madeLate() {
        return applied("late");
    }

    /** Makes it a partition of its parent's shard, if it is one. */
    String attached() {
        JsonNode parent = row.path("attach");
        return parent.isObject()
                ? APPLY_BETWEEN.formatted(
                        parent.path("id").asLong(),
                        literal(Json.required(parent, "schema")),
                        id(),
                        literal(Json.required(row, "schema")),
                        literal(Json.required(parent, "line")))
                : "";
    }

    /** Its foreign keys. */
    String keyed() {
        StringBuilder all = new StringBuilder();
        row.path("keys")
                .forEach(key -> all.append(APPLY_BETWEEN.formatted(
                        id(),
                        literal(Json.required(row, "schema")),
                        key.path("id").asLong(),
                        literal(Json.required(key, "schema")),
                        literal(Json.required(key, "line")))));
        return all.toString();
    }

    private String applied(String field) {
        StringBuilder all = new StringBuilder();
        row.path(field)
                .forEach(line -> all.append("PERFORM pg_catalog.worker_apply_shard_ddl_command(%d, %s, %s);\n"
                        .formatted(id(), literal(Json.required(row, "schema")), literal(line.asText()))));
        return all.toString();
    }

    /** A string constant that reads the same whatever {@code standard_conforming_strings} says. */
    private static String literal(String text) {
        String doubled = text.replace("'", "''");
        return text.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }
}
