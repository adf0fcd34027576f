package dev.roster.testkit.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a server is to be made.
 *
 * @param binaries which PostgreSQL
 * @param listen {@code listen_addresses}, and the host that {@link PostgresServer#host()} tells
 * @param port its port; 0 takes a free one
 * @param user its superuser
 * @param password the superuser's password, asked for by SCRAM; empty trusts everyone
 * @param settings lines of {@code postgresql.conf}; values are quoted by the server
 * @param environment variables of the server process, such as {@code PGPASSWORD} for the connections it makes itself
 * @param prefix words put before every command, such as those of {@code unshare}; the process they make must become the command
 */
public record PostgresOptions(
        PostgresBinaries binaries,
        String listen,
        int port,
        String user,
        Optional<String> password,
        Map<String, String> settings,
        Map<String, String> environment,
        List<String> prefix) {

    public PostgresOptions {
        settings = Map.copyOf(settings);
        environment = Map.copyOf(environment);
        prefix = List.copyOf(prefix);
    }

    /** A server on a free port of the loopback address that trusts everyone who reaches it. */
    public static PostgresOptions of(PostgresBinaries binaries) {
        return new PostgresOptions(
                binaries, "127.0.0.1", 0, "postgres", Optional.empty(), Map.of(), Map.of(), List.of());
    }

    public PostgresOptions listeningOn(String address) {
        return new PostgresOptions(binaries, address, port, user, password, settings, environment, prefix);
    }

    public PostgresOptions onPort(int chosen) {
        return new PostgresOptions(binaries, listen, chosen, user, password, settings, environment, prefix);
    }

    public PostgresOptions as(String superuser) {
        return new PostgresOptions(binaries, listen, port, superuser, password, settings, environment, prefix);
    }

    /** Demands this password of everyone, and lets the server's own connections use it. */
    public PostgresOptions withPassword(String secret) {
        Map<String, String> more = new HashMap<>(environment);
        more.put("PGPASSWORD", secret);
        return new PostgresOptions(binaries, listen, port, user, Optional.of(secret), settings, more, prefix);
    }

    public PostgresOptions with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new PostgresOptions(binaries, listen, port, user, password, more, environment, prefix);
    }

    /** Runs it as the command of this one, such as {@code unshare}. */
    public PostgresOptions inside(List<String> words) {
        return new PostgresOptions(binaries, listen, port, user, password, settings, environment, words);
    }
}
