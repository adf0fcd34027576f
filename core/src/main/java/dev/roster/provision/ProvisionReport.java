package dev.roster.provision;

import dev.roster.provision.Standing.State;
import java.util.ArrayList;
import java.util.List;

/**
 * How far provisioning is, for people.
 *
 * @param sentence all of it in one sentence
 * @param isSettled whether nothing is left that this process would do
 * @param standings how far each target is; empty where this process does not act
 */
public record ProvisionReport(String sentence, boolean isSettled, List<Standing> standings) {

    public ProvisionReport {
        standings = List.copyOf(standings);
    }

    /** What is told where this process does not act. */
    public static ProvisionReport standingBack(String why) {
        return new ProvisionReport(why, true, List.of());
    }

    /** What is told while the ledger cannot be read. */
    public static ProvisionReport unknown(String why) {
        return new ProvisionReport("not known: " + why, false, List.of());
    }

    /**
     * What is told of these standings.
     *
     * @param standings how far each target is
     * @param troubles which file cannot be read, and why
     */
    public static ProvisionReport of(List<Standing> standings, List<String> troubles) {
        List<Standing> open = standings.stream()
                .filter(standing -> standing.state() != State.DONE)
                .toList();
        List<String> parts = new ArrayList<>();
        if (!standings.isEmpty()) {
            parts.add((standings.size() - open.size()) + " of " + standings.size() + " done");
        }
        open.stream()
                .limit(1)
                .map(standing ->
                        standing.target().script() + " on " + standing.target().address() + ": " + standing.sentence())
                .forEach(parts::add);
        parts.addAll(troubles);
        String sentence = parts.isEmpty() ? "no member to set up yet" : String.join("; ", parts);
        return new ProvisionReport(sentence, open.isEmpty() && troubles.isEmpty(), standings);
    }
}
