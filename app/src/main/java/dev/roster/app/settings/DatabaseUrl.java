package dev.roster.app.settings;

import dev.roster.cluster.HostPort;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A connection URL as libpq reads it ({@code DATABASE_URL}; PostgreSQL documentation, section 34.1.1.2): {@code
 * postgresql://user:password@host:port,host:port/database?sslmode=require}, each part percent-encoded.
 *
 * @param hosts the hosts with their ports; empty if none is named
 * @param user the user; empty if none is named
 * @param password the password; empty if none is named
 * @param database the database; empty if none is named
 * @param parameters the query's parameters
 */
record DatabaseUrl(
        List<HostPort> hosts,
        Optional<String> user,
        Optional<String> password,
        Optional<String> database,
        Map<String, String> parameters) {

    /** What is accepted, in words that complete "accepted: ...". */
    static final String ACCEPTED =
            "postgresql://user:password@host:port/database, percent-encoded, with any of the parameters sslmode, sslrootcert,"
                    + " connect_timeout, application_name, target_session_attrs";

    private static final Set<String> PARAMETERS =
            Set.of("sslmode", "sslrootcert", "connect_timeout", "application_name", "target_session_attrs");

    /**
     * Reads the URL.
     *
     * @throws IllegalArgumentException with words that follow the (masked) value and never repeat it
     */
    static DatabaseUrl parse(String url, int defaultPort) {
        String rest = withoutScheme(url.strip());
        int query = rest.indexOf('?');
        Map<String, String> parameters = query < 0 ? Map.of() : parameters(rest.substring(query + 1));
        rest = query < 0 ? rest : rest.substring(0, query);
        int slash = rest.indexOf('/');
        Optional<String> database = slash < 0 ? Optional.empty() : filled(decode(rest.substring(slash + 1)));
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        return new DatabaseUrl(
                hosts(authority.substring(at + 1), defaultPort),
                filled(decode(colon < 0 ? login : login.substring(0, colon))),
                colon < 0 ? Optional.empty() : filled(decode(login.substring(colon + 1))),
                database,
                parameters);
    }

    private static String withoutScheme(String url) {
        for (String scheme : List.of("postgresql://", "postgres://")) {
            if (url.startsWith(scheme)) {
                return url.substring(scheme.length());
            }
        }
        throw new IllegalArgumentException("does not begin with postgresql:// or postgres://");
    }

    private static List<HostPort> hosts(String text, int defaultPort) {
        if (text.isEmpty()) {
            return List.of();
        }
        List<HostPort> hosts = new ArrayList<>();
        for (String host : text.split(",", -1)) {
            String decoded = decode(host);
            if (decoded.startsWith("/")) {
                throw new IllegalArgumentException("names a Unix socket, and workers could not reach that");
            }
            hosts.add(HostPort.parse(decoded, defaultPort));
        }
        return List.copyOf(hosts);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("has a parameter without a name or a value after the question mark");
            }
            String name = decode(parameter.substring(0, equals));
            if (!PARAMETERS.contains(name)) {
                throw new IllegalArgumentException("has a parameter that Roster does not know");
            }
            parameters.put(name, decode(parameter.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            // A plus sign is itself in libpq's URLs, not a blank as in a form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a percent sign that begins no percent-encoded byte", e);
        }
    }

    private static Optional<String> filled(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "postgresql://" + user.map(name -> name + ":" + Fault.MASK + "@").orElse("") + hosts + "/"
                + database.orElse("");
    }
}
