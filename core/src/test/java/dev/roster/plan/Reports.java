package dev.roster.plan;

import dev.roster.cluster.GroupId;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What servers say of themselves in the tests of the table: a report to change bit by bit. */
final class Reports {

    static final String COORDINATOR = "9000";
    static final String VERSION = "13.2-1";
    static final Instant BOOT = Instant.parse("2030-01-01T00:00:00Z");

    String identifier;
    String serverId;
    Instant startTime = BOOT;
    boolean inRecovery;
    boolean readOnly;
    int timeline = 1;
    String lsn = "0/3000060";
    Map<Integer, String> forks = Map.of();
    int group;
    int nodes;
    Optional<Boolean> relation = Optional.empty();
    boolean candidate = true;
    Optional<String> extension = Optional.of(VERSION);
    boolean preloaded = true;
    int citusTables;
    int ownPlacements;
    List<String> clashing = List.of();
    List<String> shardNamed = List.of();
    Optional<String> coordinator = Optional.empty();

    private Reports(String identifier) {
        this.identifier = identifier;
        this.serverId = "server-" + identifier;
    }

    /** A server that belongs nowhere. */
    static Reports blank(String identifier) {
        return new Reports(identifier);
    }

    /** A worker of this cluster. */
    static Reports ofGroup(String identifier, int group) {
        Reports report = new Reports(identifier);
        report.group = group;
        report.nodes = 2;
        report.citusTables = 1;
        report.coordinator = Optional.of(COORDINATOR);
        return report;
    }

    ServerReport report() {
        return new ServerReport(
                new Identity(identifier, serverId),
                startTime,
                inRecovery,
                readOnly,
                timeline,
                lsn,
                new GroupId(group),
                nodes,
                relation,
                candidate
                        ? Optional.of(new ServerReport.Candidate(
                                extension,
                                preloaded,
                                citusTables,
                                ownPlacements,
                                clashing,
                                shardNamed,
                                coordinator,
                                "t0"))
                        : Optional.empty(),
                forks);
    }
}
