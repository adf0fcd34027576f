package dev.roster.app.settings;

import dev.roster.cluster.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the variables under which the peers (the Docker membership managers, libpq, Railway) name the coordinator, so that a
 * compose file needs no change. {@code DATABASE_URL} wins, part by part, over the single variables.
 */
final class PeerVariables {

    private static final String HOST_ACCEPTED = "host or host:port, several separated by commas";
    private static final PathText PATHS = new PathText();
    private static final EnumText SSL_MODES = new EnumText(List.of((Object[]) SslMode.values()));

    private final ConfigTexts texts;
    private final List<Fault> faults;

    PeerVariables(ConfigTexts texts, List<Fault> faults) {
        this.texts = texts;
        this.faults = faults;
    }

    CoordinatorAccess access(int defaultPort, Optional<WrittenAddress> advertised) {
        Optional<DatabaseUrl> url = texts.findFilled("DATABASE_URL")
                .map(Written::asSecret)
                .flatMap(written -> read(written, text -> DatabaseUrl.parse(text, defaultPort), DatabaseUrl.ACCEPTED));
        List<HostPort> hosts =
                url.map(DatabaseUrl::hosts).filter(named -> !named.isEmpty()).orElseGet(() -> hosts(defaultPort));
        Password fromVariables = password();
        String user =
                url.flatMap(DatabaseUrl::user).or(() -> filled("POSTGRES_USER")).orElse("postgres");
        return new CoordinatorAccess(
                hosts,
                url.flatMap(DatabaseUrl::database)
                        .or(() -> filled("POSTGRES_DB"))
                        .orElse(user),
                user,
                url.flatMap(DatabaseUrl::password)
                        .<Password>map(Password.Literal::new)
                        .orElse(fromVariables),
                sslMode(url),
                sslRootCert(url),
                advertised(hosts, advertised, defaultPort));
    }

    private List<HostPort> hosts(int defaultPort) {
        Written written = texts.find("CITUS_HOST")
                .or(() -> texts.find("COORDINATOR_HOST"))
                .orElse(new Written("CITUS_HOST", "master", false));
        return read(written, text -> hostList(text, defaultPort), HOST_ACCEPTED).orElse(List.of());
    }

    private static List<HostPort> hostList(String text, int defaultPort) {
        List<HostPort> hosts = new ArrayList<>();
        for (String host : text.split(",", -1)) {
            hosts.add(HostPort.parse(host, defaultPort));
        }
        return hosts;
    }

    private Password password() {
        Optional<Written> literal = texts.find("POSTGRES_PASSWORD")
                .filter(written -> !written.value().isEmpty());
        Optional<Written> file = texts.findFilled("POSTGRES_PASSWORD_FILE");
        if (literal.isPresent() && file.isPresent()) {
            faults.add(new Fault(
                    "POSTGRES_PASSWORD",
                    "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set, the latter to "
                            + file.get().shown() + "; accepted: one of them"));
        }
        if (file.isPresent()) {
            return read(file.get(), PeerVariables::readableFile, "the path of a file that Roster may read")
                    .<Password>map(Password.InFile::new)
                    .orElse(new Password.None());
        }
        return literal.<Password>map(written -> new Password.Literal(written.value()))
                .orElse(new Password.None());
    }

    private SslMode sslMode(Optional<DatabaseUrl> url) {
        return written("PGSSLMODE", "sslmode", url)
                .flatMap(written -> read(written, text -> (SslMode) SSL_MODES.read(text), SSL_MODES.accepted()))
                .orElse(SslMode.PREFER);
    }

    private Optional<Path> sslRootCert(Optional<DatabaseUrl> url) {
        return written("PGSSLROOTCERT", "sslrootcert", url)
                .flatMap(written -> read(
                        written, PeerVariables::readableFile, "the path of a certificate file that Roster may read"));
    }

    private Optional<Written> written(String variable, String parameter, Optional<DatabaseUrl> url) {
        return url.flatMap(there -> Optional.ofNullable(there.parameters().get(parameter)))
                .map(value -> new Written("DATABASE_URL's " + parameter, value, false))
                .or(() -> texts.findFilled(variable));
    }

    private Optional<HostPort> advertised(List<HostPort> hosts, Optional<WrittenAddress> written, int defaultPort) {
        Optional<HostPort> advertised = written.map(address -> address.withDefaultPort(defaultPort));
        if (advertised.isEmpty() && hosts.stream().anyMatch(HostPort::isLoopback)) {
            faults.add(Fault.missing(
                    "ROSTER_COORDINATOR_ADVERTISED",
                    "the coordinator's address " + hosts.getFirst() + " means another server on every worker",
                    "the address at which workers reach the coordinator, host or host:port"));
        }
        return advertised;
    }

    private static Path readableFile(String text) {
        Path path = PATHS.read(text);
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException("is not there or is no file");
        }
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException("this user may not read");
        }
        return path;
    }

    private Optional<String> filled(String variable) {
        return texts.findFilled(variable).map(Written::value);
    }

    private <T> Optional<T> read(Written written, Function<String, T> parser, String accepted) {
        try {
            return Optional.of(parser.apply(written.value()));
        } catch (IllegalArgumentException e) {
            faults.add(Fault.refused(written, String.valueOf(e.getMessage()), accepted));
            return Optional.empty();
        }
    }
}
