package dev.roster.identity;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import java.util.Collection;
import java.util.Map;

/**
 * Asks servers what they are. The normal implementation asks through the coordinator ({@code master_run_on_worker}), so
 * that its resolver, route, and credentials are the ones that are proved. All requests of one call run in parallel, and a
 * server that never answers costs at most {@code roster.probe.timeout} once.
 */
@FunctionalInterface
public interface ServerProbe {

    /**
     * Asks all of them.
     *
     * @param requests whom to ask; none sends nothing
     * @return an answer for every address asked
     * @throws CoordinatorUnavailable if the coordinator, through which is asked, was lost
     */
    Map<HostPort, ProbeResult> probe(Collection<ProbeRequest> requests) throws CoordinatorUnavailable;
}
