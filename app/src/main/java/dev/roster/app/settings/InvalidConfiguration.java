package dev.roster.app.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Settings with which nothing can start. The message has one line for each fault, none of them with a secret. */
public final class InvalidConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    InvalidConfiguration(List<Fault> faults) {
        super(faults.stream()
                .map(fault -> "  " + fault.line())
                .collect(Collectors.joining(
                        "\n",
                        faults.size() == 1
                                ? "Roster cannot start, its configuration has a fault:\n"
                                : "Roster cannot start, its configuration has " + faults.size() + " faults:\n",
                        "")));
        this.faults = List.copyOf(faults);
    }

    /** Every fault, in the order of the reference page. */
    public List<Fault> faults() {
        return faults;
    }
}
