package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a server's refusal to be probed means, in a sentence with a remedy. */
final class ProbeFailures {

    /** Citus' words for a connection that it gave up; those for one that failed go on with {@code the following error}. */
    private static final Pattern GAVE_UP = Pattern.compile("connection to the remote node \\S+ failed");

    private final CoordinatorSettings settings;
    private final InstantSource clock;

    ProbeFailures(CoordinatorSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** It connected, but gave no answer within the limit. */
    ProbeResult.Failed silent(HostPort address) {
        return failed(
                ProbeFailure.TIMEOUT,
                "does not answer within " + settings.limits().probe().toMillis()
                        + " ms; look for a paused or overloaded server at " + address
                        + ", or a firewall on the way to it");
    }

    /**
     * From what the coordinator told: libpq's words, or those of the server itself. {@code master_run_on_worker} hands on text
     * without SQLSTATE, so the words are all there is.
     */
    ProbeResult.Failed told(HostPort address, String words) {
        String text = words.strip().replaceAll("\\s+", " ");
        if (text.startsWith("failed to connect to")) {
            return failed(
                    ProbeFailure.UNREACHABLE,
                    "cannot be reached from the coordinator; let both be on one network, PostgreSQL listen there, and its"
                            + " pg_hba.conf and password admit the coordinator");
        }
        if (text.contains("could not translate host name")) {
            return failed(
                    ProbeFailure.UNRESOLVED,
                    "has a name that the coordinator cannot resolve; put both on one network, or use a name it knows");
        }
        if (text.contains("onnection refused") || text.contains("o route to host") || text.contains("unreachable")) {
            return failed(
                    ProbeFailure.REFUSED,
                    "refuses connections from the coordinator; start PostgreSQL there and let it listen on that address");
        }
        if (text.contains("timeout expired")
                || text.contains("could not establish connection after")
                || GAVE_UP.matcher(text).matches()) {
            return silent(address);
        }
        if (text.contains("database \"") && text.contains("does not exist")) {
            return failed(
                    ProbeFailure.NO_DATABASE,
                    "lacks the database " + settings.database() + "; create it there, with CREATE EXTENSION citus");
        }
        if (text.contains("too many clients") || text.contains("connection slots")) {
            return failed(ProbeFailure.TOO_MANY_CLIENTS, "has no free connection; raise max_connections there");
        }
        if (text.contains("starting up") || text.contains("shutting down") || text.contains("not yet accepting")) {
            return failed(ProbeFailure.NOT_NOW, "is starting up or shutting down; nothing to do");
        }
        if (text.contains("does not support SSL")) {
            return failed(
                    ProbeFailure.LOGIN,
                    "offers no TLS, which the coordinator demands of its nodes (citus.node_conninfo); run CREATE EXTENSION citus;"
                            + " there, which switches it on, or switch ssl on");
        }
        if (text.contains("password") || text.contains("pg_hba.conf") || text.contains("authentication")) {
            return failed(
                    ProbeFailure.LOGIN,
                    "refuses the coordinator's login as " + settings.user()
                            + "; give it the coordinator's password, and its pg_hba.conf a line for the coordinator");
        }
        if (text.contains("relation \"pg_catalog.pg_dist_") && text.contains("does not exist")) {
            return failed(
                    ProbeFailure.NO_EXTENSION,
                    "lacks the citus extension in database " + settings.database()
                            + "; run CREATE EXTENSION citus; there, or set roster.provision.create-extension=true");
        }
        return failed(ProbeFailure.ERROR, "answered the probe with an error: " + text + "; look at its log");
    }

    /** From what a connection of our own threw. */
    ProbeResult.Failed thrown(HostPort address, SQLException error) {
        for (@Nullable Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof UnknownHostException) {
                return failed(
                        ProbeFailure.UNRESOLVED, "has a name that Roster cannot resolve; put both on one network");
            }
            if (each instanceof SocketTimeoutException) {
                return silent(address);
            }
            if (each instanceof SSLException) {
                return untrusted(error);
            }
            if (each instanceof ConnectException) {
                return failed(
                        ProbeFailure.REFUSED,
                        "refuses connections; start PostgreSQL there and let it listen on that address");
            }
        }
        if (ServerWords.mentionsWrongHostName(error)) {
            return untrusted(error);
        }
        if (ServerWords.mentionsNoTls(error)) {
            return failed(
                    ProbeFailure.LOGIN,
                    "offers no TLS, which PGSSLMODE demands; switch ssl on there, or set PGSSLMODE=prefer");
        }
        return told(address, ServerWords.of(error));
    }

    private ProbeResult.Failed untrusted(SQLException error) {
        return failed(
                ProbeFailure.LOGIN,
                "has a certificate that PGSSLMODE does not accept (" + ServerWords.innermost(error)
                        + "); name its authority in PGSSLROOTCERT, and let the certificate carry the worker's name");
    }

    private ProbeResult.Failed failed(ProbeFailure failure, String sentence) {
        return new ProbeResult.Failed(clock.instant(), failure, sentence);
    }
}
