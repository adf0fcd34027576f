package dev.roster.app.settings;

import dev.roster.plan.PlanSettings;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every key of the engine, with its type, default, and documentation; {@code docs/configuration.md} is made from this
 * declaration. Plug-ins declare theirs as {@link dev.roster.discovery.Option}s under {@code roster.<type>.}.
 */
@ConfigMapping(prefix = "roster")
@RegisterForReflection
public interface RosterConfig {

    /**
     * What may be changed: `manage` does everything, `add-only` adds, adopts and activates but never removes or disables,
     * `observe` changes nothing and shows what would be done.
     */
    @WithDefault("manage")
    PlanSettings.Mode mode();

    /**
     * `forever` serves until it is stopped; `once` passes until everybody discovered is a member, then exits, as the command
     * `once` does.
     */
    @WithDefault("forever")
    Run run();

    /**
     * The sources of workers, separated by commas. Where two sources see one address, the earlier one gives its name, group
     * and scope.
     */
    @WithDefault("docker")
    List<String> discovery();

    /** The coordinator; its name and credentials come from the variables above. */
    Coordinator coordinator();

    /** The turn of the loop. */
    Pass pass();

    /** Members that are no longer discovered. */
    Departure departure();

    /** Members that are away but could be cut off. */
    Disable disable();

    /** Shards that are spread after workers joined. */
    Rebalance rebalance();

    /** Asking servers what they are before anything is decided about them. */
    Probe probe();

    /** Data of a member at another address: a promoted standby, a server that moved. */
    Follow follow();

    /**
     * What becomes of standbys of members: `ignore` shows them with their lag, `register` makes them Citus secondaries as well
     * and takes their rows away when they are gone. A promoted one is followed either way. Rows that were registered stay, and
     * are looked after, when this goes back to `ignore`.
     */
    @WithDefault("ignore")
    PlanSettings.Secondaries secondaries();

    /** Empty servers that take the place of lost ones. */
    Replace replace();

    /** What members and the coordinator are set up with. */
    Provision provision();

    /**
     * Where members, removed members and the journal are remembered: `database` is a schema `roster` on the coordinator,
     * `memory` is lost at a restart, after which every node is adopted again and none is removed by itself.
     */
    @WithDefault("database")
    Ledger ledger();

    /**
     * The file that exists while discovery is connected and the coordinator has answered; other containers wait for it.
     * Default: `/healthcheck/manager-ready` if the folder `/healthcheck` exists, otherwise none.
     */
    @WithConverter(PathText.class)
    Optional<Path> readyFile();

    /** The HTTP interface. */
    Api api();

    /** The log. */
    Log log();

    /** {@code roster.coordinator.*}. */
    @RegisterForReflection
    interface Coordinator {
        /** The coordinator's port, for hosts that name none. */
        @WithDefault("5432")
        @WithConverter(PortText.class)
        Integer port();

        /**
         * How workers reach the coordinator, if not by the name Roster uses itself. Required if Roster reaches it by a
         * loopback name.
         */
        @WithConverter(HostPortText.class)
        Optional<WrittenAddress> advertised();
    }

    /** {@code roster.pass.*}. */
    @RegisterForReflection
    interface Pass {
        /** How often both sides are compared although nothing was heard. Changes that are heard of start a pass at once. */
        @WithDefault("30s")
        @WithConverter(DurationText.class)
        Duration interval();
    }

    /** {@code roster.departure.*}. */
    @RegisterForReflection
    interface Departure {
        /** How long a member must be absent where absence is no proof (a list, DNS). */
        @WithDefault("5m")
        @WithConverter(DurationText.class)
        Duration grace();

        /**
         * Which absence leads to the removal of a member that Roster added and that holds nothing: `certain` only one that
         * its source proves, `absent` any past its grace time, `never` none.
         */
        @WithDefault("certain")
        PlanSettings.DepartureRemove remove();
    }

    /** {@code roster.rebalance.*}. */
    @RegisterForReflection
    interface Rebalance {
        /**
         * Whether shards are spread by themselves after workers joined: `never`, or `start` one rebalance as soon as nobody has
         * joined for 30 s, nothing waits for a person and every node is well.
         */
        @WithDefault("never")
        PlanSettings.RebalanceOnJoin onJoin();
    }

    /** {@code roster.disable.*}. */
    @RegisterForReflection
    interface Disable {
        /** How long a member whose shards all have other copies may be away before it is disabled. */
        @WithDefault("never")
        @WithConverter(PatienceText.class)
        Patience after();
    }

    /** {@code roster.probe.*}. */
    @RegisterForReflection
    interface Probe {
        /**
         * How servers are asked: `coordinator` through the coordinator's own connections, `direct` by connections of
         * Roster's own, `off` not at all, which adds blindly and may destroy data.
         */
        @WithDefault("coordinator")
        ProbeMode mode();

        /** How long one server may take to answer. */
        @WithDefault("3s")
        @WithConverter(DurationText.class)
        Duration timeout();

        /** How old the answer of a member may be. */
        @WithDefault("60s")
        @WithConverter(DurationText.class)
        Duration maxAge();
    }

    /** {@code roster.follow.*}. */
    @RegisterForReflection
    interface Follow {
        /**
         * How long sessions of the coordinator that hold locks on a group's shards may go on once its row is to follow; then
         * Citus ends them. `never` ends none: they are waited for, and the row follows when they have ended.
         */
        @WithDefault("never")
        @WithConverter(CooldownText.class)
        Patience forceAfter();

        /**
         * How much WAL a standby that was seen behind its primary may lack, once it was promoted, of what the primary was
         * last seen with. A server that was not known as a standby may lack nothing.
         */
        @WithDefault("1MB")
        @WithConverter(BytesText.class)
        Long maxLag();

        /** How often a member that has standbys, and they, are asked what they are. A group without its primary: each second. */
        @WithDefault("5s")
        @WithConverter(DurationText.class)
        Duration interval();
    }

    /** {@code roster.replace.*}. */
    @RegisterForReflection
    interface Replace {
        /**
         * How long the copy of one shard to the new server may take, with its indexes and keys. Nothing else is decided while a
         * shard is copied, and a copy that takes longer is given up and begun anew: raise it for shards of many gigabytes.
         */
        @WithDefault("150s")
        @WithConverter(DurationText.class)
        Duration copyLimit();
    }

    /** {@code roster.provision.*}. */
    @RegisterForReflection
    interface Provision {
        /** Whether a worker without the extension `citus` gets it before it is added. */
        @WithDefault("false")
        Boolean createExtension();

        /**
         * A file of SQL that is carried out once on each member, through the coordinator, and again when its content changes.
         * A failure is shown and tried again; it never keeps a worker out. It has to be written so that it can run twice.
         */
        @WithConverter(PathText.class)
        Optional<Path> workerSql();

        /** A file of SQL that is carried out once on the coordinator, and again when its content changes. */
        @WithConverter(PathText.class)
        Optional<Path> coordinatorSql();

        /**
         * How many members there have to be before `coordinator-sql` is carried out; where `worker-sql` is set too, only members
         * that have it are counted.
         */
        @WithDefault("1")
        @WithConverter(CountText.class)
        Integer minimumWorkers();

        /** How long one file may take. */
        @WithDefault("60s")
        @WithConverter(DurationText.class)
        Duration timeout();
    }

    /** {@code roster.api.*}. */
    @RegisterForReflection
    interface Api {
        /**
         * What a request that changes something has to send as `Authorization: Bearer ...`. Without a token such requests are
         * taken from this machine alone, and from no web page. Blanks around it are not part of it.
         */
        @WithConverter(TokenText.class)
        Optional<String> token();

        /**
         * A file that holds the token, such as a Docker secret. It is read anew for each request. Setting it and the token is
         * a fault, as is a file that cannot be read at the start.
         */
        @WithConverter(PathText.class)
        Optional<Path> tokenFile();

        /** Who may read status, workers, nodes, plan and journal: `open` everybody, `token` whoever sends the token. */
        @WithDefault("open")
        Reads reads();

        /**
         * Where the start-up token is written if no token is set and HTTP listens beyond loopback. Only Roster's own user can
         * read it, and the commands prove themselves with it. Default: `roster-<user>-<port>.token` in the temporary folder.
         */
        @WithConverter(PathText.class)
        Optional<Path> localTokenFile();
    }

    /** {@code roster.log.*}. */
    @RegisterForReflection
    interface Log {
        /** Whether each line of the log is a JSON object. */
        @WithDefault("false")
        Boolean json();
    }

    /** {@code roster.run}. */
    enum Run {
        /** Serve until stopped. */
        FOREVER,
        /** Pass until everybody is a member, then exit. */
        ONCE
    }

    /** {@code roster.probe.mode}. */
    enum ProbeMode {
        /** Through the coordinator. */
        COORDINATOR,
        /** By connections of its own. */
        DIRECT,
        /** Not at all. */
        OFF
    }

    /** {@code roster.api.reads}. */
    enum Reads {
        /** Everybody. */
        OPEN,
        /** Whoever sends the token. */
        TOKEN
    }

    /** {@code roster.ledger}. */
    enum Ledger {
        /** In a schema on the coordinator. */
        DATABASE,
        /** In the process. */
        MEMORY
    }
}
