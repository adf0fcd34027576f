package dev.roster.citus;

import dev.roster.cluster.CoordinatorUnavailable;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why the coordinator cannot be read, in a sentence with a remedy. The password is in none of them. */
final class CoordinatorFaults {

    private final CoordinatorSettings settings;

    CoordinatorFaults(CoordinatorSettings settings) {
        this.settings = settings;
    }

    /** Why a connection, or a statement that only reads, failed. */
    CoordinatorUnavailable unavailable(SQLException error) {
        if (error instanceof SecretUnreadable) {
            return new CoordinatorUnavailable(
                    ServerWords.of(error),
                    "make it readable for the user that Roster runs as; it is read for each new connection",
                    error.getSQLState(),
                    error);
        }
        String state = Optional.ofNullable(error.getSQLState()).orElse("");
        String database = settings.database();
        return switch (state) {
            case "28P01" ->
                because(
                        error,
                        "refuses the password of user " + settings.user(),
                        "give Roster the right POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE");
            case "08004" ->
                ServerWords.mentionsNoTls(error)
                        ? network(error, state)
                        : because(
                                error,
                                "rejects the connection (" + ServerWords.of(error) + ")",
                                "if it wants a password, set POSTGRES_PASSWORD or fill the file of"
                                        + " POSTGRES_PASSWORD_FILE");
            case "28000" ->
                because(
                        error,
                        "refuses the login of user " + settings.user() + " (" + ServerWords.of(error) + ")",
                        "create the role or add a line for Roster to the coordinator's pg_hba.conf");
            case "3D000" ->
                because(
                        error,
                        "has no database " + database,
                        "create it, or set POSTGRES_DB to the cluster's database");
            case "42501" ->
                because(
                        error,
                        "does not let user " + settings.user() + " read what Roster needs (" + ServerWords.of(error)
                                + ")",
                        "let Roster log in as a superuser or as the owner of the schema roster, or grant what"
                                + " docs/permissions.md names");
            case "57P03" -> because(error, "is starting up or shutting down", "nothing to do, Roster tries again");
            case "53300" ->
                because(
                        error,
                        "has no free connection (" + ServerWords.of(error) + ")",
                        "raise max_connections there or close idle sessions");
            case "42P01", "42883", "3F000" -> extensionMissing(error);
            case "08P01" -> pooler(error);
            default -> state.startsWith("08") || state.isEmpty() ? network(error, state) : other(error);
        };
    }

    /** The connection broke while an action was under way. */
    CoordinatorUnavailable lost(SQLException error) {
        return new CoordinatorUnavailable(
                "The connection to the coordinator (" + settings.describe() + ") broke while an action was under way: "
                        + ServerWords.of(error),
                "nothing to do, the next pass looks at what became of it",
                error.getSQLState(),
                error);
    }

    /** Why the ledger could not be written. */
    CoordinatorUnavailable ledger(SQLException error) {
        return "42501".equals(error.getSQLState())
                ? because(
                        error,
                        "does not let user " + settings.user() + " keep the ledger in the schema roster ("
                                + ServerWords.of(error) + ")",
                        "run GRANT CREATE ON DATABASE for that role, or set roster.ledger=memory")
                : unavailable(error);
    }

    CoordinatorUnavailable extensionMissing(@Nullable SQLException error) {
        return because(
                error,
                "lacks the citus extension in database " + settings.database(),
                "run CREATE EXTENSION citus; there, or set roster.provision.create-extension=true");
    }

    CoordinatorUnavailable standby() {
        return because(
                null,
                "is a standby, and changes are possible on the primary only",
                "point CITUS_HOST to the primary, or list all hosts there");
    }

    CoordinatorUnavailable readOnly() {
        return because(
                null,
                "accepts no writes (default_transaction_read_only)",
                "switch it off there, or point CITUS_HOST to the writable coordinator");
    }

    CoordinatorUnavailable worker(int group) {
        return because(
                null,
                "is a worker of a cluster (its local group is " + group + ")",
                "point CITUS_HOST to the coordinator of that cluster");
    }

    /**
     * Two servers that are both writable.
     *
     * @param each host and identity of each
     */
    CoordinatorUnavailable severalWritable(List<String> each) {
        return CoordinatorUnavailable.severalWritable(
                sentence("is writable in " + each.size() + " places at once: " + String.join(", and ", each)
                        + ". Nothing is changed until only one of them is"),
                "stop all but the one that holds the newest data, or let them follow it as standbys, and keep the old"
                        + " primary from starting again by itself");
    }

    /**
     * No server that is writable.
     *
     * @param each host and what it is instead
     */
    CoordinatorUnavailable noneWritable(List<String> each) {
        return because(
                null,
                "is writable nowhere: " + String.join("; ", each),
                "nothing to do if a standby is about to be promoted; else start the primary, or check CITUS_HOST");
    }

    CoordinatorUnavailable pooler(@Nullable SQLException error) {
        return because(
                error,
                "is behind a connection pooler, which breaks the sessions that Citus and Roster need",
                "point CITUS_HOST and the port to PostgreSQL itself, not to PgBouncer or PgCat");
    }

    CoordinatorUnavailable newerLedger(int version) {
        return because(
                null,
                "has a ledger of version " + version + ", written by a newer Roster",
                "run that Roster, or drop the schema roster and let all nodes be adopted again");
    }

    private CoordinatorUnavailable network(SQLException error, String state) {
        if (causedBy(error, UnknownHostException.class)) {
            return because(error, "has a name that does not resolve", "check CITUS_HOST and the network Roster is in");
        }
        if (causedBy(error, SocketTimeoutException.class)) {
            return because(
                    error,
                    "does not answer in time",
                    "look for a firewall or a hanging server on the way to it, or a DNS server that keeps the coordinator"
                            + " waiting for its nodes' addresses");
        }
        if (ServerWords.mentionsNoTls(error)) {
            return because(
                    error, "offers no TLS, which PGSSLMODE demands", "switch ssl on there, or set PGSSLMODE=prefer");
        }
        if (causedBy(error, SSLException.class) || ServerWords.mentionsWrongHostName(error)) {
            return because(
                    error,
                    "has a certificate that PGSSLMODE does not accept (" + ServerWords.innermost(error) + ")",
                    "name its authority in PGSSLROOTCERT, and let the certificate carry the name in CITUS_HOST");
        }
        if (causedBy(error, ConnectException.class) || causedBy(error, NoRouteToHostException.class)) {
            return because(
                    error,
                    "cannot be reached (" + ServerWords.of(error) + ")",
                    "start it, or check CITUS_HOST and ROSTER_COORDINATOR_PORT");
        }
        return because(
                error,
                "cannot be reached (" + (state.isEmpty() ? "" : state + ": ") + ServerWords.of(error) + ")",
                "nothing to do if it restarts; else look at its log");
    }

    private CoordinatorUnavailable other(SQLException error) {
        return because(
                error,
                "cannot be read (" + error.getSQLState() + ": " + ServerWords.of(error) + ")",
                "look at its log; Roster tries again");
    }

    private CoordinatorUnavailable because(@Nullable SQLException error, String seen, String remedy) {
        return new CoordinatorUnavailable(sentence(seen), remedy, error == null ? null : error.getSQLState(), error);
    }

    private String sentence(String seen) {
        return "The coordinator (" + settings.describe() + ") " + seen;
    }

    private static boolean causedBy(Throwable error, Class<? extends Throwable> type) {
        for (@Nullable Throwable each = error; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
