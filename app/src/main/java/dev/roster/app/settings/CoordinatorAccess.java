package dev.roster.app.settings;

import dev.roster.cluster.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How to reach the coordinator.
 *
 * @param hosts where it may be; the writable one is used
 * @param database the database of the cluster
 * @param user the role
 * @param password where its password comes from
 * @param sslMode how to encrypt
 * @param sslRootCert the authority's certificate, for the modes that verify
 * @param advertised how workers reach it, if a person says so
 */
public record CoordinatorAccess(
        List<HostPort> hosts,
        String database,
        String user,
        Password password,
        SslMode sslMode,
        Optional<Path> sslRootCert,
        Optional<HostPort> advertised) {

    public CoordinatorAccess {
        hosts = List.copyOf(hosts);
    }

    /** Host, database and user, for people; never the password. */
    @Override
    public String toString() {
        return hosts.stream().map(HostPort::toString).collect(Collectors.joining(",")) + "/" + database + " as " + user;
    }
}
