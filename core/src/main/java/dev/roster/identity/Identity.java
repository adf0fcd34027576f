package dev.roster.identity;

/**
 * By what a server is known wherever it moves.
 *
 * @param systemIdentifier {@code pg_control_system().system_identifier}, made by initdb and shared by every physical copy
 * @param serverId Citus' {@code pg_dist_node_metadata.server_id}; empty text where the extension says none. It survives a
 *     major upgrade, which changes the system identifier
 */
public record Identity(String systemIdentifier, String serverId) {

    /** Whether both are the same data directory or physical copies of one. */
    public boolean sameData(Identity other) {
        return systemIdentifier.equals(other.systemIdentifier);
    }

    @Override
    public String toString() {
        return systemIdentifier;
    }
}
