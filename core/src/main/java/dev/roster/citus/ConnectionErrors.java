package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal.Situation;
import java.util.List;

/** Why the coordinator could not connect to a node: SQLSTATE class 08, told apart by libpq's words (docs/citus.md section 10). */
final class ConnectionErrors {

    private final String database;
    private final String user;

    ConnectionErrors(CoordinatorSettings settings) {
        this.database = settings.database();
        this.user = settings.user();
    }

    Finding finding(String state, String words, List<Warned> warnings, HostPort node) {
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
                    "it refuses the coordinator's login as " + user + " (" + Blame.causeOrAll(words) + ")",
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
            return Finding.badAddress(state, words, node);
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
                    "it has no free connection (" + Blame.causeOrAll(words) + ")",
                    "raise max_connections on " + node,
                    state);
        }
        return new Finding(
                Situation.NODE_UNREACHABLE,
                "the coordinator cannot reach it (" + Blame.causeOrAll(words) + ")",
                "start PostgreSQL on " + node + " and let it listen on an address that the coordinator reaches",
                state);
    }
}
