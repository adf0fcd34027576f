package dev.roster.identity;

import dev.roster.cluster.HostPort;
import java.util.Optional;

/**
 * One server to ask.
 *
 * @param address whom
 * @param depth how much
 * @param relation a relation whose existence is asked about, as {@code to_regclass} takes it: one of the placements of the
 *     group the server should be
 */
public record ProbeRequest(HostPort address, Depth depth, Optional<String> relation) {

    /** How much a probe asks. */
    public enum Depth {
        /** Identity and state only, for a known member. */
        MEMBER,
        /** Everything that decides whether it may become a member, or be adopted. */
        CANDIDATE
    }
}
