package dev.roster.cluster;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the replacement of a lost server loses, counted on the coordinator alone.
 *
 * @param tables tables of whose shards the only copy was there, in order of their names
 * @param copied shards that another node has too, and that are copied from it
 * @param hindrance why those could not be copied; empty if they could, or if there are none
 */
public record LossPreview(List<LostTable> tables, int copied, Optional<DrainPreview.Hindrance> hindrance) {

    public LossPreview {
        tables = List.copyOf(tables);
    }

    /** How many shards will be empty. */
    public int shards() {
        return tables.stream().mapToInt(LostTable::shards).sum();
    }

    /** Every table, and how many of its shards are lost: {@code public.orders (2 of 6 shards)}. */
    public String names() {
        return tables.stream()
                .map(table -> table.name() + " (" + table.shards() + " of " + table.of()
                        + (table.of() == 1 ? " shard)" : " shards)"))
                .collect(Collectors.joining(", "));
    }

    /**
     * One table.
     *
     * @param name its name, with its schema
     * @param shards how many of its shards had their only copy there
     * @param of how many shards it has
     */
    public record LostTable(String name, int shards, int of) {}
}
