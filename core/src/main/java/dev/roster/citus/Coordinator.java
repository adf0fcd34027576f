package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;

/** Whether the server at the other end is the writable coordinator itself, and under which address it was reached. */
final class Coordinator {

    private final CoordinatorFaults faults;
    private final CoordinatorSettings settings;

    Coordinator(CoordinatorFaults faults, CoordinatorSettings settings) {
        this.faults = faults;
        this.settings = settings;
    }

    /**
     * Requires that it is.
     *
     * @param self an answer with the fields of {@link SnapshotQuery#SELF}
     */
    void require(Session session, JsonNode self) throws SQLException, CoordinatorUnavailable {
        // A pooler invents the backend's id that it gives its client at the start.
        int toldAtStart = session.connection().unwrap(PGConnection.class).getBackendPID();
        if (self.path("pid").asInt() != toldAtStart) {
            throw faults.pooler(null);
        }
        if (self.path("recovery").asBoolean()) {
            throw faults.standby();
        }
        int group = self.path("localGroup").asInt();
        if (group != 0) {
            throw faults.worker(group);
        }
        if (self.path("readonly").asBoolean()) {
            throw faults.readOnly();
        }
    }

    /**
     * The address of the settings' list behind which the server is that answered; the first if none can be told. Of several
     * names of one server it is the one that its row has.
     *
     * @param answer an answer to {@link SnapshotQuery}
     */
    HostPort dialed(JsonNode answer) {
        if (settings.hosts().size() == 1) {
            return settings.hosts().getFirst();
        }
        String address = Json.text(answer, "serverAddress").orElse("");
        int port = answer.path("serverPort").asInt();
        List<HostPort> names = settings.hosts().stream()
                .filter(host -> host.port() == port && resolvesTo(host.host(), address))
                .toList();
        return SnapshotQuery.registered(answer)
                .filter(names::contains)
                .or(() -> names.stream().findFirst())
                .orElse(settings.hosts().getFirst());
    }

    private static boolean resolvesTo(String name, String address) {
        try {
            return Arrays.stream(InetAddress.getAllByName(name))
                    .anyMatch(each -> each.getHostAddress().equals(address));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
