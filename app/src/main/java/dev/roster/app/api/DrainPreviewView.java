package dev.roster.app.api;

import dev.roster.app.engine.DrainForecast;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.plan.OrderAnswer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code POST /api/v1/workers/NAME/drain/preview}: what would become of an order to drain. Nothing was ordered or changed.
 *
 * @param answer {@code accepted}, {@code standing} or {@code refused}: what the order would be answered
 * @param sentence what would happen, or what hinders it
 * @param remedy what a person can do about a refusal
 * @param shards how many shards would move
 * @param bytes how large they are together; left out while the size of one of them is not known
 * @param targets where they would go, by address
 * @param alsoFrom other nodes from which Citus moves shards along, since they are to have none
 * @param tablesWithoutIdentity tables that have neither a primary key nor a replica identity
 * @param walLevel {@code wal_level} of the node's server; left out if it could not be asked
 * @param at when the nodes were observed
 */
@RegisterForReflection
public record DrainPreviewView(
        String answer,
        String sentence,
        Optional<String> remedy,
        int shards,
        OptionalLong bytes,
        List<Target> targets,
        List<String> alsoFrom,
        List<String> tablesWithoutIdentity,
        Optional<String> walLevel,
        Instant at) {

    private static final int MOST_TABLES = 20;

    /**
     * A node that would take some.
     *
     * @param node its address
     * @param shards how many
     * @param bytes how large they are together; left out while the size of one of them is not known
     */
    @RegisterForReflection
    public record Target(String node, int shards, OptionalLong bytes) {}

    static DrainPreviewView of(DrainForecast forecast) {
        List<DrainPreview.Move> moves =
                forecast.preview().map(DrainPreview::moves).orElse(List.of());
        Map<Long, Long> sizes = forecast.sizes();
        return new DrainPreviewView(
                word(forecast.answer()),
                sentence(forecast.answer(), moves.size()),
                forecast.answer() instanceof OrderAnswer.Refused refused
                        ? Optional.of(refused.remedy())
                        : Optional.empty(),
                moves.size(),
                forecast.preview().isEmpty() ? OptionalLong.empty() : together(moves, sizes),
                targets(moves, sizes),
                alsoFrom(moves, forecast.node()),
                forecast.preview().map(DrainPreview::tablesWithoutIdentity).orElse(List.of()).stream()
                        .limit(MOST_TABLES)
                        .toList(),
                forecast.preview().flatMap(DrainPreview::walLevel),
                forecast.seenAt());
    }

    private static String word(OrderAnswer answer) {
        return switch (answer) {
            case OrderAnswer.Accepted _ -> "accepted";
            case OrderAnswer.Standing _ -> "standing";
            case OrderAnswer.Refused _ -> "refused";
        };
    }

    private static String sentence(OrderAnswer answer, int shards) {
        return switch (answer) {
            case OrderAnswer.Accepted _ ->
                shards == 0
                        ? "Nothing hinders it: no shard is on it, so it would be removed at once"
                        : "Nothing hinders it: " + (shards == 1 ? "1 shard" : shards + " shards")
                                + " would move, then it would be removed";
            case OrderAnswer.Standing standing -> standing.sentence();
            case OrderAnswer.Refused refused -> refused.sentence();
        };
    }

    private static List<Target> targets(List<DrainPreview.Move> moves, Map<Long, Long> sizes) {
        Map<HostPort, List<DrainPreview.Move>> byTarget = moves.stream()
                .collect(Collectors.groupingBy(DrainPreview.Move::target, TreeMap::new, Collectors.toList()));
        List<Target> targets = new ArrayList<>();
        byTarget.forEach((to, some) -> targets.add(new Target(to.toString(), some.size(), together(some, sizes))));
        return targets;
    }

    private static OptionalLong together(List<DrainPreview.Move> moves, Map<Long, Long> sizes) {
        return moves.stream().allMatch(move -> sizes.containsKey(move.shard()))
                ? OptionalLong.of(moves.stream()
                        .mapToLong(move -> sizes.getOrDefault(move.shard(), 0L))
                        .sum())
                : OptionalLong.empty();
    }

    private static List<String> alsoFrom(List<DrainPreview.Move> moves, Optional<Node> node) {
        return moves.stream()
                .map(DrainPreview.Move::source)
                .filter(source ->
                        node.filter(drained -> drained.address().equals(source)).isEmpty())
                .distinct()
                .sorted()
                .map(HostPort::toString)
                .toList();
    }
}
