package dev.roster.discovery.dns;

import dev.roster.cluster.GroupId;
import dev.roster.discovery.Scope;
import java.util.List;
import java.util.Optional;

/**
 * One name to look up.
 *
 * @param name what would be registered: as the pattern spells it, with its domain if one is configured
 * @param candidates the complete names to ask for, in order; the first that has an answer counts
 * @param kind what to ask for
 * @param group the group its pattern names
 * @param port the PostgreSQL port, where no record tells it
 * @param scope where it is looked for
 * @param origin the pattern's number and the name without a domain; of several domains that know it, the first counts
 */
record SoughtName(
        String name,
        List<String> candidates,
        NamePattern.Kind kind,
        Optional<GroupId> group,
        int port,
        Scope scope,
        Origin origin) {

    SoughtName {
        candidates = List.copyOf(candidates);
    }

    /**
     * What the name was made of.
     *
     * @param pattern the number of the pattern, from 0
     * @param made the name that the pattern made
     */
    record Origin(int pattern, String made) {}
}
