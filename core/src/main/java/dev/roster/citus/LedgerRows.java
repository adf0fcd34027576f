package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.identity.Identity;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.ledger.Tombstone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The ledger's values as rows. Several changes are folded to their net effect, so that one statement can write them all: its
 * parts see the same state and must not touch one row twice.
 */
final class LedgerRows {

    private LedgerRows() {}

    /** The changes in as few statements as can be: what becomes of an order depends on how it stood, so each has one in each. */
    static List<List<LedgerChange>> parts(List<LedgerChange> changes) {
        List<List<LedgerChange>> parts = new ArrayList<>();
        Set<String> ordered = new LinkedHashSet<>();
        List<LedgerChange> part = new ArrayList<>();
        for (LedgerChange change : changes) {
            Optional<String> subject = subject(change);
            if (subject.isPresent() && !ordered.add(subject.get())) {
                parts.add(part);
                part = new ArrayList<>();
                ordered.clear();
                ordered.add(subject.get());
            }
            part.add(change);
        }
        parts.add(part);
        return parts;
    }

    private static Optional<String> subject(LedgerChange change) {
        return switch (change) {
            case LedgerChange.GiveIntent(Intent intent) -> Optional.of(intent.subject());
            case LedgerChange.UpdateIntent(Intent intent) -> Optional.of(intent.subject());
            case LedgerChange.CancelIntent(String subject) -> Optional.of(subject);
            case LedgerChange.LiftIntent(String subject) -> Optional.of(subject);
            case LedgerChange.PutMember _,
                    LedgerChange.ForgetMember _,
                    LedgerChange.Bury _,
                    LedgerChange.Unbury _,
                    LedgerChange.PutDoubt _,
                    LedgerChange.PutInterference _,
                    LedgerChange.LiftInterference _,
                    LedgerChange.ServeJoins _,
                    LedgerChange.Append _ -> Optional.empty();
        };
    }

    static ObjectNode of(List<LedgerChange> changes) {
        Map<NodeId, Optional<Member>> members = new LinkedHashMap<>();
        Map<NodeId, Tombstone> buried = new LinkedHashMap<>();
        Set<String> lifted = new LinkedHashSet<>();
        List<JournalEntry> lines = new ArrayList<>();
        ObjectNode remarks = Json.object();
        Map<String, LedgerChange> orders = new LinkedHashMap<>();
        for (LedgerChange change : changes) {
            switch (change) {
                case LedgerChange.PutMember put -> members.put(put.member().node(), Optional.of(put.member()));
                case LedgerChange.ForgetMember forget -> members.put(forget.node(), Optional.empty());
                case LedgerChange.Bury bury -> {
                    Tombstone stone = bury.tombstone();
                    members.put(stone.node(), Optional.empty());
                    // One tombstone for each identity: the newer takes the older's place.
                    stone.identity().map(Identity::systemIdentifier).ifPresent(lifted::add);
                    buried.put(stone.node(), stone);
                }
                case LedgerChange.Unbury unbury -> {
                    lifted.add(unbury.identity().systemIdentifier());
                    buried.values()
                            .removeIf(stone -> stone.identity()
                                    .filter(unbury.identity()::sameData)
                                    .isPresent());
                }
                case LedgerChange.GiveIntent give -> orders.put(give.intent().subject(), give);
                case LedgerChange.UpdateIntent update ->
                    orders.put(update.intent().subject(), update);
                case LedgerChange.CancelIntent cancel -> orders.put(cancel.subject(), cancel);
                case LedgerChange.LiftIntent lift -> orders.put(lift.subject(), lift);
                case LedgerChange.PutDoubt put -> remarks.set(LedgerRemarks.DOUBT, LedgerRemarks.row(put.doubt()));
                case LedgerChange.PutInterference put ->
                    remarks.set(
                            LedgerRemarks.OTHER + put.interference().system(), LedgerRemarks.row(put.interference()));
                case LedgerChange.LiftInterference lift -> remarks.putNull(LedgerRemarks.OTHER + lift.system());
                case LedgerChange.ServeJoins serve ->
                    remarks.set(LedgerRemarks.JOINS, LedgerRemarks.joins(serve.upTo()));
                case LedgerChange.Append append -> lines.add(append.entry());
            }
        }
        ObjectNode rows = Json.object();
        ArrayNode put = rows.putArray("put");
        ArrayNode forget = rows.putArray("forget");
        members.forEach((node, member) ->
                member.ifPresentOrElse(kept -> put.add(row(kept)), () -> forget.add(Integer.toString(node.value()))));
        ArrayNode lift = rows.putArray("lift");
        lifted.forEach(lift::add);
        ArrayNode bury = rows.putArray("bury");
        buried.values().forEach(stone -> bury.add(row(stone)));
        rows.set("remarks", remarks);
        putOrders(rows, orders.values());
        ArrayNode append = rows.putArray("append");
        lines.forEach(line -> append.add(row(line)));
        return rows;
    }

    private static void putOrders(ObjectNode rows, Collection<LedgerChange> orders) {
        ArrayNode give = rows.putArray("give");
        ArrayNode update = rows.putArray("update");
        ArrayNode cancel = rows.putArray("cancel");
        ArrayNode lift = rows.putArray("liftIntent");
        for (LedgerChange change : orders) {
            switch (change) {
                case LedgerChange.GiveIntent(Intent intent) -> give.add(row(intent));
                case LedgerChange.UpdateIntent(Intent intent) -> update.add(row(intent));
                case LedgerChange.CancelIntent(String subject) -> cancel.add(subject);
                case LedgerChange.LiftIntent(String subject) -> lift.add(subject);
                case LedgerChange.PutMember _,
                        LedgerChange.ForgetMember _,
                        LedgerChange.Bury _,
                        LedgerChange.Unbury _,
                        LedgerChange.PutDoubt _,
                        LedgerChange.PutInterference _,
                        LedgerChange.LiftInterference _,
                        LedgerChange.ServeJoins _,
                        LedgerChange.Append _ -> throw new IllegalArgumentException("no order: " + change);
            }
        }
    }

    static LedgerSnapshot snapshot(JsonNode ledger) {
        return new LedgerSnapshot(
                Json.list(ledger, "members", LedgerRows::member),
                Json.list(ledger, "tombstones", LedgerRows::tombstone),
                Json.list(ledger, "intents", LedgerRows::intent),
                LedgerRemarks.doubt(ledger),
                LedgerRemarks.interferences(ledger),
                LedgerRemarks.joinsServed(ledger));
    }

    static List<JournalEntry> journal(JsonNode rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new JournalEntry(
                        row.path("id").asLong(),
                        Json.instant(Json.required(row, "at")),
                        Json.required(row, "actor"),
                        Json.required(row, "action"),
                        Json.text(row, "node"),
                        Json.required(row, "outcome"),
                        Json.required(row, "sentence")))
                .toList();
    }

    private static ObjectNode row(Member member) {
        ObjectNode row = place(member.node(), member.group(), member.address(), member.identity());
        row.put("origin", member.origin().name().toLowerCase(Locale.ROOT));
        row.put("source", member.scope().map(Scope::source).orElse(null));
        row.put("place", member.scope().map(Scope::place).orElse(null));
        row.put("since", member.since().toString());
        member.lastSeen().ifPresent(seen -> {
            row.put("started", seen.startTime().toString());
            row.put("recovery", seen.inRecovery());
            row.put("timeline", seen.timeline());
            row.put("lsn", seen.lsn());
        });
        row.put("disabled", member.disabledByRoster());
        putAddresses(row, "aliases", member.aliases());
        putAddresses(row, "standbys", member.standbys());
        putAddresses(row, "twins", member.twins());
        return row;
    }

    private static void putAddresses(ObjectNode row, String column, Set<HostPort> addresses) {
        ArrayNode array = row.putArray(column);
        addresses.stream()
                .sorted()
                .forEach(each -> array.addObject().put("host", each.host()).put("port", each.port()));
    }

    private static Set<HostPort> addresses(JsonNode row, String column) {
        return Json.list(row, column, Json::address).stream().collect(Collectors.toSet());
    }

    private static Member member(JsonNode row) {
        return new Member(
                new NodeId(row.path("nodeid").asInt()),
                new GroupId(row.path("groupid").asInt()),
                Json.address(row),
                Json.identity(row),
                Origin.valueOf(Json.required(row, "origin").toUpperCase(Locale.ROOT)),
                Json.text(row, "source")
                        .map(source -> new Scope(source, Json.text(row, "place").orElse(""))),
                Json.instant(Json.required(row, "since")),
                Json.text(row, "started")
                        .map(started -> new Member.LastSeen(
                                Json.instant(started),
                                row.path("recovery").asBoolean(),
                                row.path("timeline").asInt(),
                                Json.text(row, "lsn").orElse(""))),
                row.path("disabled").asBoolean(),
                addresses(row, "aliases"),
                addresses(row, "standbys"),
                addresses(row, "twins"));
    }

    private static ObjectNode row(Tombstone stone) {
        ObjectNode row = place(stone.node(), stone.group(), stone.address(), stone.identity());
        row.put("shards", stone.shouldHaveShards());
        row.put("removed_at", stone.removedAt().toString());
        row.put("removed_by", stone.removedBy());
        return row;
    }

    private static Tombstone tombstone(JsonNode row) {
        return new Tombstone(
                new NodeId(row.path("nodeid").asInt()),
                new GroupId(row.path("groupid").asInt()),
                Json.address(row),
                Json.identity(row),
                row.path("shards").asBoolean(),
                Json.instant(Json.required(row, "removed_at")),
                Json.required(row, "removed_by"));
    }

    private static Intent intent(JsonNode row) {
        return new Intent(
                word(Intent.Kind.class, row, "kind"),
                row.path("nodeid").isInt()
                        ? Optional.of(new NodeId(row.path("nodeid").asInt()))
                        : Optional.empty(),
                Json.address(row),
                Json.identity(row),
                row.path("shards").asBoolean(),
                word(Intent.TransferMode.class, row, "mode"),
                Json.text(row, "target_host")
                        .map(host -> new HostPort(host, row.path("target_port").asInt())),
                word(Intent.Stage.class, row, "stage"),
                row.path("job").isNumber() ? Optional.of(row.path("job").asLong()) : Optional.empty(),
                Json.text(row, "note"),
                Json.required(row, "ordered_by"),
                Json.instant(Json.required(row, "ordered_at")));
    }

    private static <E extends Enum<E>> E word(Class<E> type, JsonNode row, String column) {
        return Enum.valueOf(type, Json.required(row, column).toUpperCase(Locale.ROOT));
    }

    private static ObjectNode row(Intent intent) {
        ObjectNode row = Json.object();
        row.put("subject", intent.subject());
        row.put("kind", intent.kind().word());
        row.put("nodeid", intent.node().map(NodeId::value).orElse(null));
        row.put("host", intent.address().host());
        row.put("port", intent.address().port());
        row.put("system", intent.identity().map(Identity::systemIdentifier).orElse(null));
        row.put("server", intent.identity().map(Identity::serverId).orElse(null));
        row.put("shards", intent.shouldHaveShards());
        row.put("mode", intent.mode().word());
        row.put("target_host", intent.target().map(HostPort::host).orElse(null));
        row.put("target_port", intent.target().map(HostPort::port).orElse(null));
        row.put("stage", intent.stage().name().toLowerCase(Locale.ROOT));
        row.put("job", intent.job().orElse(null));
        row.put("note", intent.note().orElse(null));
        row.put("ordered_by", intent.orderedBy());
        row.put("ordered_at", intent.orderedAt().toString());
        return row;
    }

    private static ObjectNode row(JournalEntry entry) {
        ObjectNode row = Json.object();
        row.put("at", entry.at().toString());
        row.put("actor", entry.actor());
        row.put("action", entry.action());
        row.put("node", entry.node().orElse(null));
        row.put("outcome", entry.outcome());
        row.put("sentence", entry.sentence());
        return row;
    }

    private static ObjectNode place(NodeId node, GroupId group, HostPort address, Optional<Identity> identity) {
        ObjectNode row = Json.object();
        row.put("nodeid", node.value());
        row.put("groupid", group.value());
        row.put("host", address.host());
        row.put("port", address.port());
        row.put("system", identity.map(Identity::systemIdentifier).orElse(null));
        row.put("server", identity.map(Identity::serverId).orElse(null));
        return row;
    }
}
