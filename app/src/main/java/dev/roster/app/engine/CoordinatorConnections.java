package dev.roster.app.engine;

import dev.roster.app.settings.CoordinatorAccess;
import dev.roster.citus.SecretUnreadable;
import dev.roster.cluster.HostPort;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Connections to the coordinator: a small pool, made without connecting to anything, and single ones beside it. The password
 * is read anew for each connection. Thread-safe.
 */
final class CoordinatorConnections implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Longer than any statement may take on the server, so that it ends only what the network swallowed. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(75);

    private static final int POOL_SIZE = 4;

    private final CoordinatorAccess access;
    private final AgroalDataSource pool;

    CoordinatorConnections(CoordinatorAccess access) {
        this.access = access;
        this.pool = pool();
    }

    /** Pooled connections. */
    DataSource pooled() {
        return new PooledConnections(pool);
    }

    /** A connection of its own that may wait silently for ever, kept alive by TCP. Its name tells others who leads. */
    Connection openUnpooled() throws SQLException {
        Map<String, String> properties = properties(Duration.ZERO);
        properties.put("ApplicationName", "roster " + hostName());
        return open(url(access.hosts(), access.database()), properties);
    }

    /** A connection for one use, to whichever host is writable. */
    Connection openSingle() throws SQLException {
        return open(url(access.hosts(), access.database()), properties(SOCKET_TIMEOUT));
    }

    /** A connection to one host of the coordinator, whether it is writable or not. */
    Connection openHost(HostPort host) throws SQLException {
        Map<String, String> properties = properties(CONNECT_TIMEOUT.multipliedBy(2));
        properties.put("loginTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        properties.remove("targetServerType");
        return open(url(List.of(host), access.database()), properties);
    }

    /** A connection to a worker with the coordinator's credentials. */
    Connection openWorker(HostPort server, String database, Duration limit) throws SQLException {
        Map<String, String> properties = properties(limit.multipliedBy(2));
        long seconds = Math.max(1, limit.toSeconds());
        properties.put("connectTimeout", Long.toString(seconds));
        properties.put("loginTimeout", Long.toString(seconds));
        properties.remove("targetServerType");
        return open(url(List.of(server), database), properties);
    }

    private Connection open(String url, Map<String, String> properties) throws SQLException {
        Properties all;
        try {
            all = login();
        } catch (UncheckedIOException e) {
            throw new SecretUnreadable(e);
        }
        properties.forEach(all::setProperty);
        return DriverManager.getConnection(url, all);
    }

    private static String hostName() {
        String name = System.getenv("HOSTNAME");
        try {
            return name == null || name.isBlank() ? InetAddress.getLocalHost().getHostName() : name;
        } catch (UnknownHostException e) {
            return "of an unknown host";
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private AgroalDataSource pool() {
        AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.initialSize(0)
                        .minSize(0)
                        .maxSize(POOL_SIZE)
                        .acquisitionTimeout(patience().plusSeconds(1))
                        .idleValidationTimeout(Duration.ofMillis(500))
                        .connectionValidator(
                                ConnectionValidator.defaultValidatorWithTimeout((int) CONNECT_TIMEOUT.toSeconds()))
                        .exceptionSorter(CoordinatorConnections::endsTheSession)
                        .reapTimeout(Duration.ofMinutes(10))
                        .connectionFactoryConfiguration(factory -> {
                            properties(SOCKET_TIMEOUT).forEach(factory::jdbcProperty);
                            return factory.connectionProviderClassName("org.postgresql.Driver")
                                    .jdbcUrl(url(access.hosts(), access.database()))
                                    .credential(access.password())
                                    .addSecurityProvider(_ -> login());
                        }));
        try {
            return AgroalDataSource.from(configuration);
        } catch (SQLException e) {
            throw new IllegalStateException("a pool that connects to nothing cannot fail", e);
        }
    }

    /** How long a connection may take, whichever host it ends at. */
    private Duration patience() {
        return CONNECT_TIMEOUT.multipliedBy(access.hosts().size());
    }

    /**
     * Whether a session is of no use after this error: classes 08 and 57P of PostgreSQL's appendix A. Validation spares what
     * was in use a moment ago, so a dead session that is asked again and again would never leave the pool.
     */
    private static boolean endsTheSession(SQLException error) {
        String state = Objects.requireNonNullElse(error.getSQLState(), "");
        return state.startsWith("08") || state.startsWith("57P");
    }

    private Properties login() {
        Properties login = new Properties();
        login.setProperty("user", access.user());
        try {
            login.setProperty("password", access.password().read());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return login;
    }

    /** Names and meanings: documentation of pgJDBC, "Initializing the driver". Times are in seconds. */
    private Map<String, String> properties(Duration socketTimeout) {
        Map<String, String> properties = new HashMap<>();
        properties.put("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        // The driver means by it all hosts together: a silent one must leave time for the next.
        properties.put("loginTimeout", Long.toString(patience().toSeconds()));
        properties.put("socketTimeout", Long.toString(socketTimeout.toSeconds()));
        properties.put("tcpKeepAlive", "true");
        properties.put("ApplicationName", "roster");
        properties.put("sslmode", access.sslMode().word());
        access.sslRootCert().ifPresent(path -> properties.put("sslrootcert", path.toString()));
        if (access.hosts().size() > 1) {
            properties.put("targetServerType", "primary");
            properties.put("hostRecheckSeconds", "2");
        }
        return properties;
    }

    private static String url(List<HostPort> hosts, String database) {
        return hosts.stream().map(HostPort::toString).collect(Collectors.joining(",", "jdbc:postgresql://", "/"))
                + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }
}
