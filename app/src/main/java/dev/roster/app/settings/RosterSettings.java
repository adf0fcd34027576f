package dev.roster.app.settings;

import dev.roster.discovery.OptionValues;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.plan.PlanSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Everything that was set, valid as a whole: what the composition root builds the engine from.
 *
 * @param coordinator how to reach the coordinator
 * @param sources the sources in the order of {@code roster.discovery}
 * @param plan what the planner reads
 * @param passInterval the longest time between two passes
 * @param probeMode how servers are asked
 * @param probeTimeout how long one may take
 * @param createExtension whether a worker without the extension gets it
 * @param copyLimit how long the copy of one shard to a replacement may take
 * @param provision what members and the coordinator are set up with
 * @param ledger where Roster remembers
 * @param readyFile the file that says Roster is connected; empty: none
 * @param api who may use the HTTP interface
 * @param run whether to serve or to exit once everybody is a member
 */
public record RosterSettings(
        CoordinatorAccess coordinator,
        List<Source> sources,
        PlanSettings plan,
        Duration passInterval,
        RosterConfig.ProbeMode probeMode,
        Duration probeTimeout,
        boolean createExtension,
        Duration copyLimit,
        ProvisionFiles provision,
        RosterConfig.Ledger ledger,
        Optional<Path> readyFile,
        ApiAccess api,
        RosterConfig.Run run) {

    /** PostgreSQL's port, for workers whose source names none. */
    public static final int WORKER_PORT = 5432;

    public RosterSettings {
        sources = List.copyOf(sources);
    }

    /** The same for a run that ends by itself: nothing is removed or disabled, and nobody waits for a ready file. */
    public RosterSettings forOneRun() {
        return new RosterSettings(
                coordinator,
                sources,
                plan.forOneRun(),
                passInterval,
                probeMode,
                probeTimeout,
                createExtension,
                copyLimit,
                provision,
                ledger,
                Optional.empty(),
                api,
                RosterConfig.Run.ONCE);
    }

    /** The settings that matter most, for the first line of the log; never a password. */
    @Override
    public String toString() {
        return "coordinator " + coordinator + ", discovery "
                + sources.stream().map(source -> source.provider().type()).collect(Collectors.joining(","))
                + ", mode " + plan.mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * One source and its options.
     *
     * @param provider who makes it
     * @param options its values
     */
    public record Source(WorkerDiscoveryProvider provider, OptionValues options) {}
}
