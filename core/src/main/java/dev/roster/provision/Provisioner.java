package dev.roster.provision;

import dev.roster.cluster.CoordinatorUnavailable;
import java.util.List;

/**
 * Carries out scripts through the coordinator. Each script is one transaction in its target's database: all of it or nothing.
 *
 * <p>On the coordinator the ledger's row is written in that transaction, so that a script runs once. On a member it is written
 * right after, since Citus reaches members by connections of their own; if the coordinator is lost in between, the script runs
 * there once more. Every wait is bounded by {@code roster.provision.timeout}. Thread-safe; the contract is
 * {@code ProvisionerContract} in the test-jar.
 */
public interface Provisioner {

    /** The most members that are asked at once. */
    int MOST_TOGETHER = 20;

    /**
     * What the ledger remembers.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be read
     */
    List<Provisioned> done() throws CoordinatorUnavailable;

    /**
     * Carries out a script on members, in parallel.
     *
     * @param script the statements
     * @param members at most {@link #MOST_TOGETHER}
     * @return one answer for each, in order
     * @throws CoordinatorUnavailable if the coordinator was lost; whether the script ran is unknown
     */
    List<Attempt> onMembers(Script script, List<Target.Member> members) throws CoordinatorUnavailable;

    /**
     * Carries out a script on the coordinator.
     *
     * @param script the statements
     * @param coordinator the coordinator that the pass saw
     * @throws CoordinatorUnavailable if the coordinator was lost; the next look at the ledger tells whether the script ran
     */
    Attempt onCoordinator(Script script, Target.Coordinator coordinator) throws CoordinatorUnavailable;
}
