package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what Citus and PostgreSQL refuse into a named situation with a remedy (CITUS.md section 10). The SQLSTATE decides;
 * the words are looked at only where one SQLSTATE stands for several situations.
 */
final class ErrorCatalogue {

    /** Which node a message is about; Citus before 13.0 leaves out the user. */
    private static final List<Pattern> BLAMED = List.of(
            Pattern.compile("remote node (?:[^\\s]*@)?(.+):(\\d+) failed"),
            Pattern.compile("marked as essential: (.+):(\\d+)"),
            Pattern.compile("^(?:ERROR: )?(.+):(\\d+) is a metadata node"));

    private final String database;
    private final String user;

    ErrorCatalogue(CoordinatorSettings settings) {
        this.database = settings.database();
        this.user = settings.user();
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
        String words = words(error);
        Optional<HostPort> blamed = blamed(words);
        Optional<HostPort> culprit = blamed.filter(other -> !other.equals(node));
        Finding finding = finding(state, words, warnings, node);
        if (culprit.isPresent()) {
            return otherNode(node, culprit.get(), finding, words);
        }
        return new Refusal(
                finding.situation,
                node + ": " + attempt + " was refused: " + finding.seen,
                finding.remedy,
                finding.state,
                Optional.empty());
    }

    private static Refusal otherNode(HostPort node, HostPort culprit, Finding finding, String words) {
        if (finding.situation == Situation.METADATA_OUT_OF_SYNC) {
            return new Refusal(
                    Situation.METADATA_OUT_OF_SYNC,
                    node + " has to wait: " + culprit + " has not received the metadata yet",
                    "nothing to do if " + culprit + " is up, Citus syncs it within a minute; else bring it back",
                    finding.state,
                    Optional.of(culprit));
        }
        return new Refusal(
                Situation.OTHER_NODE_UNREACHABLE,
                node + " has to wait: the member " + culprit + " does not answer the coordinator ("
                        + lastLine(words, finding) + "), and Citus changes no node while that is so",
                "bring " + culprit + " back, or have it disabled or removed",
                finding.state,
                Optional.of(culprit));
    }

    private static String lastLine(String words, Finding finding) {
        int cause = words.indexOf("following error: ");
        return cause < 0 ? finding.seen : words.substring(cause + "following error: ".length());
    }

    private Finding finding(String state, String words, List<Warned> warnings, HostPort node) {
        return switch (state) {
            case "08006", "08001", "08000", "08004" -> connection(state, words, warnings, node);
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
            case "P0002" -> other(state, words);
            default -> state.equals("XX000") ? internal(words, warnings, node) : other(state, words);
        };
    }

    private Finding connection(String state, String words, List<Warned> warnings, HostPort node) {
        if (words.contains("does not support SSL")) {
            return new Finding(
                    Situation.LOGIN_REFUSED,
                    "it offers no TLS, which the coordinator demands of its nodes (citus.node_conninfo)",
                    "run CREATE EXTENSION citus; on " + node + ", which switches TLS on, or switch ssl on there",
                    state);
        }
        if (words.contains("password authentication failed")
                || words.contains("no password supplied")
                || words.contains("pg_hba.conf")
                || words.contains("authentication failed")
                || words.contains("role \"")) {
            return new Finding(
                    Situation.LOGIN_REFUSED,
                    "it refuses the coordinator's login as " + user + " (" + tail(words) + ")",
                    "give " + node
                            + " the coordinator's password and a line in its pg_hba.conf for the coordinator, or an entry"
                            + " in pg_dist_authinfo",
                    state);
        }
        if (words.contains("database \"") && words.contains("does not exist")) {
            return new Finding(
                    Situation.DATABASE_MISSING,
                    "it has no database " + database,
                    "run CREATE DATABASE \"" + database.replace("\"", "\"\"") + "\"; and CREATE EXTENSION citus; on "
                            + node,
                    state);
        }
        if (words.contains("invalid port number") || words.contains("could not parse")) {
            return badAddress(state, words, node);
        }
        if (words.contains("could not translate host name")) {
            return new Finding(
                    Situation.NODE_UNREACHABLE,
                    "the coordinator cannot resolve the name " + node.host(),
                    "put coordinator and worker on one network, or register a name that the coordinator can resolve",
                    state);
        }
        if (warnings.stream().anyMatch(warned -> warned.message().contains("could not establish connection after"))
                || words.contains("timeout expired")
                || words.endsWith("failed")) {
            return new Finding(
                    Situation.NODE_UNREACHABLE,
                    "it does not answer the coordinator in time",
                    "look for a firewall, a network policy, or a paused server between the coordinator and " + node,
                    state);
        }
        if (words.contains("too many clients") || words.contains("connection slots")) {
            return new Finding(
                    Situation.NODE_UNREACHABLE,
                    "it has no free connection (" + tail(words) + ")",
                    "raise max_connections on " + node,
                    state);
        }
        return new Finding(
                Situation.NODE_UNREACHABLE,
                "the coordinator cannot reach it (" + tail(words) + ")",
                "start PostgreSQL on " + node + " and let it listen on an address that the coordinator reaches",
                state);
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
        return other(state, words);
    }

    private Finding internal(String words, List<Warned> warnings, HostPort node) {
        String state = "XX000";
        if (words.contains("marked as essential")) {
            return remote(warnings, node);
        }
        if (words.contains("only shard placement")) {
            return new Finding(
                    Situation.SOLE_PLACEMENT,
                    "it holds the only copy of a shard",
                    "move its shards away first: SELECT citus_drain_node('"
                            + node.host().replace("'", "''") + "', " + node.port() + ");",
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
            return badAddress(state, words, node);
        }
        return other(state, words);
    }

    private Finding remote(List<Warned> warnings, HostPort node) {
        for (Warned warned : warnings.reversed()) {
            Optional<Finding> found = switch (warned.sqlState()) {
                case "42883" ->
                    Optional.of(extension(
                            warned, "its database lacks the citus extension", "CREATE EXTENSION citus", node));
                case "42703" ->
                    Optional.of(extension(
                            warned, "its citus extension has another version", "ALTER EXTENSION citus UPDATE", node));
                case "25006" ->
                    Optional.of(new Finding(
                            Situation.READ_ONLY,
                            "it is a standby or accepts no writes",
                            "wait until " + node + " is promoted, or switch default_transaction_read_only off there",
                            warned.sqlState()));
                default -> remoteByWords(warned, node);
            };
            if (found.isPresent()) {
                return found.get();
            }
        }
        String last =
                warnings.isEmpty() ? "no reason given" : warnings.getLast().message();
        return new Finding(
                Situation.NODE_UNREACHABLE,
                "the coordinator's connection to it failed (" + last + ")",
                "look at the log of " + node,
                warnings.isEmpty() ? "XX000" : warnings.getLast().sqlState());
    }

    private Optional<Finding> remoteByWords(Warned warned, HostPort node) {
        if (warned.message().contains("shared_preload_libraries")) {
            return Optional.of(new Finding(
                    Situation.EXTENSION_UNFIT,
                    "it does not preload citus",
                    "set shared_preload_libraries = 'citus' on " + node + " and restart it",
                    warned.sqlState()));
        }
        if (warned.message().contains("version differs")) {
            return Optional.of(
                    extension(warned, "its citus extension has another version", "ALTER EXTENSION citus UPDATE", node));
        }
        return Optional.empty();
    }

    private Finding extension(Warned warned, String seen, String statement, HostPort node) {
        return new Finding(
                Situation.EXTENSION_UNFIT,
                seen + " (" + warned.message() + ")",
                "run " + statement + "; in database " + database + " of " + node,
                warned.sqlState());
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

    private static Finding badAddress(String state, String words, HostPort node) {
        return new Finding(
                Situation.BAD_ADDRESS,
                "Citus refuses the address (" + tail(words) + ")",
                "give " + node + " a host name of at most 253 bytes and a port from 1 to 65535",
                state);
    }

    private static Finding other(String state, String words) {
        return new Finding(Situation.OTHER, words, "look at the coordinator's log; the next pass tries again", state);
    }

    /** Whom a message blames, if it names a node. */
    static Optional<HostPort> blamed(String words) {
        for (Pattern pattern : BLAMED) {
            Matcher matcher = pattern.matcher(words);
            if (matcher.find()) {
                return Optional.of(new HostPort(matcher.group(1), Integer.parseInt(matcher.group(2))));
            }
        }
        return Optional.empty();
    }

    /** The server's own words without the severity, detail and position that the driver appends, on one line. */
    static String words(SQLException error) {
        return ServerWords.of(error);
    }

    private static String tail(String words) {
        int cause = words.indexOf("following error: ");
        return cause < 0 ? words : words.substring(cause + "following error: ".length());
    }

    private record Finding(Situation situation, String seen, String remedy, String state) {}
}
