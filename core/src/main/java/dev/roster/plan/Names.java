package dev.roster.plan;

import dev.roster.cluster.HostPort;
import java.util.List;

/** How people name workers, nodes and lists of tables. */
final class Names {

    private Names() {}

    /** Whether somebody who writes {@code written} may mean this one: its name, its host, or host and port. */
    static boolean match(String written, HostPort address, String name) {
        return written.equalsIgnoreCase(name)
                || written.equalsIgnoreCase(address.host())
                || written.equalsIgnoreCase(address.toString());
    }

    /** The first few of a list, and how many more there are. */
    static String some(List<String> all, int most) {
        String first = String.join(", ", all.subList(0, Math.min(most, all.size())));
        return all.size() <= most ? first : first + " and " + (all.size() - most) + " more";
    }
}
