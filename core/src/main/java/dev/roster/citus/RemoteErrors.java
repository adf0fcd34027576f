package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal.Situation;
import java.util.List;
import java.util.Optional;

/**
 * Why a node refused what Citus sent it. The error itself says only that the connection was essential; the warnings before it
 * carry the node's own SQLSTATE (docs/citus.md section 0, rule 9).
 */
final class RemoteErrors {

    private final String database;

    RemoteErrors(CoordinatorSettings settings) {
        this.database = settings.database();
    }

    Finding finding(List<Warned> warnings, HostPort node) {
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
}
