package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.ledger.Tombstone;
import java.util.List;
import java.util.Map;

/**
 * The end of every removal: is the removed server still running with its old metadata? Then it can write into live shards as
 * long as its credentials work (docs/citus.md section 4, ghosts), and a person has to fence it. One that a source sights is judged
 * by the rows of the table instead.
 */
final class FenceCheck {

    private FenceCheck() {}

    static List<String> alarms(Overview overview) {
        return overview.cluster().ledger().latestTombstones().entrySet().stream()
                .filter(entry -> !overview.isSightedUnregistered(entry.getKey()))
                .filter(entry -> overview.cluster().nodeAt(entry.getKey()).isEmpty())
                .filter(entry -> overview.answer(entry.getKey())
                        .filter(entry.getValue()::isGhost)
                        .isPresent())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> sentence(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String sentence(HostPort address, Tombstone stone) {
        return "The removed worker " + address + " (once group " + stone.group()
                + ") still runs with this cluster's old metadata, so whoever connects to it can write into live shards: stop"
                + " it, take its access away, or run DROP EXTENSION citus CASCADE on it";
    }
}
