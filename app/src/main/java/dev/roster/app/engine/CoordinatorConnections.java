package dev.roster.app.engine;

import dev.roster.app.settings.CoordinatorAccess;
import dev.roster.cluster.HostPort;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
        return pool;
    }

    /** A connection of its own that may wait silently for ever, kept alive by TCP. */
    Connection openUnpooled() throws SQLException {
        Properties properties = login();
        properties(Duration.ZERO).forEach(properties::setProperty);
        return DriverManager.getConnection(url(), properties);
    }

    @Override
    public void close() {
        pool.close();
    }

    private AgroalDataSource pool() {
        Duration patience = CONNECT_TIMEOUT.multipliedBy(access.hosts().size()).plusSeconds(1);
        AgroalDataSourceConfigurationSupplier configuration = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.initialSize(0)
                        .minSize(0)
                        .maxSize(POOL_SIZE)
                        .acquisitionTimeout(patience)
                        .idleValidationTimeout(Duration.ofMillis(500))
                        .connectionValidator(
                                ConnectionValidator.defaultValidatorWithTimeout((int) CONNECT_TIMEOUT.toSeconds()))
                        .reapTimeout(Duration.ofMinutes(10))
                        .connectionFactoryConfiguration(factory -> {
                            properties(SOCKET_TIMEOUT).forEach(factory::jdbcProperty);
                            return factory.connectionProviderClassName("org.postgresql.Driver")
                                    .jdbcUrl(url())
                                    .credential(access.password())
                                    .addSecurityProvider(_ -> login());
                        }));
        try {
            return AgroalDataSource.from(configuration);
        } catch (SQLException e) {
            throw new IllegalStateException("a pool that connects to nothing cannot fail", e);
        }
    }

    private Properties login() {
        Properties login = new Properties();
        login.setProperty("user", access.user());
        try {
            login.setProperty("password", access.password().read());
        } catch (IOException e) {
            throw new UncheckedIOException("the file of POSTGRES_PASSWORD_FILE cannot be read", e);
        }
        return login;
    }

    /** Names and meanings: documentation of pgJDBC, "Initializing the driver". Times are in seconds. */
    private Map<String, String> properties(Duration socketTimeout) {
        Map<String, String> properties = new HashMap<>();
        properties.put("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        properties.put("loginTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
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

    private String url() {
        return access.hosts().stream()
                        .map(HostPort::toString)
                        .collect(Collectors.joining(",", "jdbc:postgresql://", "/"))
                + URLEncoder.encode(access.database(), StandardCharsets.UTF_8);
    }
}
