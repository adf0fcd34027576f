package dev.roster.cluster;

import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.provision.Provisioner;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link CatalogContract} plays on: a coordinator with the implementation under test before it, servers to
 * register, and the hands of an administrator who does things behind Roster's back. Closed after each test.
 */
public interface CatalogStage extends AutoCloseable {

    /** In what way a server is not fit to be a worker. */
    enum Fault {
        /** Nobody listens there. */
        REFUSED,
        /** The name does not resolve. */
        UNRESOLVED,
        /** Connections are accepted, and nothing is ever answered. */
        BLACK_HOLE,
        /** It refuses the coordinator's login. */
        PASSWORD,
        /** It has no database of the cluster's name. */
        NO_DATABASE,
        /** Its database lacks the extension. */
        NO_EXTENSION,
        /** Its extension is of an older version than the coordinator's. */
        OLDER_EXTENSION,
        /** It accepts no writes. */
        READ_ONLY
    }

    /** The catalog under test. */
    CoordinatorCatalog catalog();

    /** Another Roster before the same coordinator. */
    CoordinatorCatalog another();

    /** The address at which workers reach the coordinator. */
    HostPort coordinator();

    /** Starts a blank, fit server that nobody has registered. */
    HostPort newServer();

    /** The address of a server that is unfit in this way. */
    HostPort unfitServer(Fault fault);

    /** What a running server says of itself, asked as a probe would. */
    ServerReport reportOf(HostPort server) throws CoordinatorUnavailable;

    /** What a running server of {@link #newServer} says it is. */
    Identity identityOf(HostPort server);

    /** Another address at which the same server answers. */
    HostPort anotherNameOf(HostPort server);

    /** Starts a server that replicates from this one. */
    HostPort standbyOf(HostPort primary);

    /** Makes a standby writable. */
    void promote(HostPort standby);

    /** Stops a server; its data stays. */
    void stop(HostPort server);

    /** Starts a stopped server. */
    void start(HostPort server);

    /** Puts another, blank server at the address of this one. */
    void wipe(HostPort server);

    /** Throws a server's data away and starts it as an empty server with the same identifier, as one of the same image. */
    void wipeToImage(HostPort server);

    /** Makes a distributed table with this many shards over the nodes that exist; each shard has one copy. */
    void distributedTable(String name, int shards);

    /** Makes a distributed table with this many shards over the nodes that exist; each shard has two copies. */
    void replicatedTable(String name, int shards);

    /** Makes a distributed table, each shard in one copy, without a primary key or replica identity. */
    void tableWithoutIdentity(String name, int shards);

    /** Makes a reference table on the nodes that exist. */
    void referenceTable(String name);

    /** Adds a node as an administrator would, without Roster. */
    void addByHand(HostPort server);

    /** Makes a node inactive without Roster. */
    void disableByHand(HostPort server);

    /** Writes another address into a node's row without Roster, and without Citus. */
    void misregister(HostPort node, HostPort address);

    /** Registers a secondary of a primary's group without Roster; nobody is asked. */
    void addSecondaryByHand(HostPort secondary, HostPort primary);

    /** Removes a node without Roster. */
    void removeByHand(HostPort server);

    /** Moves a node's row to another address by Citus' own function, without Roster. */
    void updateByHand(HostPort node, HostPort address);

    /** The coordinator's catalogs lose their newest placement, as after a restore; the workers know it still. */
    void coordinatorForgetsNewestPlacement();

    /** What puts the coordinator's placements back to where they are now, as a restore does; the workers are not told. */
    Runnable restoreOfPlacements();

    /** The coordinator's catalogs lose a row, as after a restore; the workers know it still. */
    void coordinatorForgets(HostPort node);

    /** Moves all shards of a table away from this node, to one other. */
    void moveShardsByHand(HostPort from, HostPort to);

    /** Sets {@code shouldhaveshards} without Roster. */
    void setShouldHaveShardsByHand(HostPort server, boolean value);

    /** A stopped server's node is to receive the metadata once it is back. */
    void owesMetadataTo(HostPort server);

    /** Another session takes the lock that node changes need and keeps it until this is closed. */
    AutoCloseable lockedByAnotherSession();

    /** Who carries out scripts on this coordinator and its members, each for at most this long. */
    Provisioner provisioner(Duration timeout);

    /** Whether a server has this table in the schema {@code public}. */
    boolean hasTable(HostPort server, String name);

    /** Another session writes to a distributed table, and leaves its transaction open until this is closed. */
    AutoCloseable writing(String sql);

    /** A session on a server reads a table there, and leaves its transaction open until this is closed. */
    AutoCloseable reading(HostPort server, String table);

    /** Does what the preflight says of tables that Citus remembers on nodes which are gone. */
    void forgetLeftoversOfNodesThatAreGone();

    /** Waits until Citus' maintenance daemon had its turn; where there is none, nothing. */
    void settle();

    /** Lets Citus' background workers go on for a moment: at most one move where moves are counted. */
    void letShardsMove();

    /** Statements that an administrator would run on the coordinator, for situations with rows (real Citus only). */
    void execute(HostPort server, List<String> statements);

    /** One value that a server answers, for situations with rows (real Citus only). */
    String query(HostPort server, String sql);

    /** Whether tables have rows, so that the situations tagged {@code rows} can be played. */
    boolean keepsRows();

    @Override
    void close();
}
