package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Turns what Citus and PostgreSQL refuse into a named situation with a remedy (docs/citus.md section 10). The SQLSTATE decides;
 * the words are looked at only where one SQLSTATE stands for several situations.
 */
final class ErrorCatalogue {

    private final String database;
    private final String user;
    private final ConnectionErrors connections;
    private final RemoteErrors remotes;

    ErrorCatalogue(CoordinatorSettings settings) {
        this.database = settings.database();
        this.user = settings.user();
        this.connections = new ConnectionErrors(settings);
        this.remotes = new RemoteErrors(settings);
    }

    /**
     * Why a node change was refused.
     *
     * @param node the node it was about
     * @param attempt what was tried, such as {@code citus_add_node}
     * @param error what was thrown
     * @param warnings what was warned of before
     */
    Refusal refusal(HostPort node, String attempt, SQLException error, List<Warned> warnings) {
        String state = Optional.ofNullable(error.getSQLState()).orElse("");
        String words = ServerWords.of(error);
        Optional<HostPort> blamed = Blame.of(words);
        Optional<HostPort> culprit = blamed.filter(other -> !other.equals(node));
        Finding finding = finding(state, words, warnings, node);
        if (culprit.isPresent()) {
            return otherNode(node, culprit.get(), finding, words);
        }
        return new Refusal(
                finding.situation(),
                node + ": " + attempt + " was refused: " + finding.seen(),
                finding.remedy(),
                finding.state(),
                Optional.empty());
    }

    private static Refusal otherNode(HostPort node, HostPort culprit, Finding finding, String words) {
        if (finding.situation() == Situation.METADATA_OUT_OF_SYNC) {
            return new Refusal(
                    Situation.METADATA_OUT_OF_SYNC,
                    node + " has to wait: " + culprit + " has not received the metadata yet",
                    "nothing to do if " + culprit + " is up, Citus syncs it within a minute; else bring it back",
                    finding.state(),
                    Optional.of(culprit));
        }
        return new Refusal(
                Situation.OTHER_NODE_UNREACHABLE,
                node + " has to wait: the member " + culprit + " does not answer the coordinator ("
                        + Blame.cause(words).orElse(finding.seen()) + "), and Citus changes no node while that is so",
                "bring " + culprit + " back, or have it disabled or removed",
                finding.state(),
                Optional.of(culprit));
    }

    private Finding finding(String state, String words, List<Warned> warnings, HostPort node) {
        return switch (state) {
            case "08006", "08001", "08000", "08004" -> connections.finding(state, words, warnings, node);
            case "40P01" ->
                words.contains("distributed deadlock")
                        ? registeredOtherwise(state, node)
                        : locked(state, "it ran into a deadlock with another session");
            case "57014" ->
                words.contains("user request")
                        ? registeredOtherwise(state, node)
                        : locked(state, "the statement took too long and was cancelled");
            case "55P03" -> locked(state, "another session holds a lock that is needed");
            case "55000" -> prerequisite(state, words);
            case "42501" -> permission(state, words);
            case "25006" -> notTheCoordinator(state, "the coordinator accepts no writes");
            case "42883", "42P01" ->
                new Finding(
                        Situation.EXTENSION_UNFIT,
                        "the coordinator lacks a function or table of Citus (" + words + ")",
                        "run ALTER EXTENSION citus UPDATE; in database " + database
                                + " of the coordinator; Roster needs Citus 11.0",
                        state);
            case "P0002" -> Finding.other(state, words);
            case "0A000" -> RebalanceErrors.finding(state, words).orElseGet(() -> Finding.other(state, words));
            default -> state.equals("XX000") ? internal(words, warnings, node) : Finding.other(state, words);
        };
    }

    private Finding prerequisite(String state, String words) {
        if (words.contains("is out of sync")) {
            return new Finding(
                    Situation.METADATA_OUT_OF_SYNC,
                    "it has not received the metadata yet",
                    "nothing to do, Citus syncs it within a minute",
                    state);
        }
        if (words.contains("recovery is in progress")) {
            return notTheCoordinator(state, "the coordinator in use is a standby");
        }
        return Finding.other(state, words);
    }

    private Finding internal(String words, List<Warned> warnings, HostPort node) {
        String state = "XX000";
        if (words.contains("marked as essential")) {
            return remotes.finding(warnings, node);
        }
        if (words.contains("only shard placement")) {
            return new Finding(
                    Situation.SOLE_PLACEMENT,
                    "it holds the only copy of a shard",
                    NodeRefusals.drainFirst(node),
                    state);
        }
        if (words.contains("hostname is set to localhost")) {
            return new Finding(
                    Situation.COORDINATOR_IS_LOOPBACK,
                    "the coordinator is registered as localhost",
                    "set ROSTER_COORDINATOR_ADVERTISED to the address at which workers reach the coordinator",
                    state);
        }
        if (words.contains("cannot add itself")) {
            return new Finding(
                    Situation.IS_COORDINATOR,
                    "it is the coordinator itself",
                    "take the worker's role from the coordinator's own server",
                    state);
        }
        if (words.contains("operation is not allowed on this node")) {
            return notTheCoordinator(state, "the server in use is a worker of a cluster");
        }
        if (words.contains("operation is not allowed")) {
            return permission(state, words);
        }
        if (words.contains("could not find valid entry")) {
            return Finding.badAddress(state, words, node);
        }
        return RebalanceErrors.finding(state, words).orElseGet(() -> Finding.other(state, words));
    }

    private static Finding registeredOtherwise(String state, HostPort node) {
        return new Finding(
                Situation.ALREADY_REGISTERED_OTHERWISE,
                "its server is registered under another name already",
                "register each server under one name only; compare pg_dist_node with the names that reach " + node,
                state);
    }

    private static Finding locked(String state, String seen) {
        return new Finding(
                Situation.LOCKED,
                seen,
                "wait for the other change; if this lasts, look for old entries in pg_locks and pg_prepared_xacts on all nodes",
                state);
    }

    private Finding permission(String state, String words) {
        return new Finding(
                Situation.PERMISSION,
                "the role " + user + " may not do this (" + words + ")",
                "let Roster log in as a superuser; Citus demands one to add or activate nodes",
                state);
    }

    private static Finding notTheCoordinator(String state, String seen) {
        return new Finding(Situation.NOT_THE_COORDINATOR, seen, "point CITUS_HOST to the writable coordinator", state);
    }
}
