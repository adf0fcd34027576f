package dev.roster.provision;

import java.util.List;
import java.util.Optional;

/**
 * What the files hold now.
 *
 * @param worker for each member; empty if none is configured or its file cannot be read
 * @param coordinator for the coordinator; empty if none is configured or its file cannot be read
 * @param troubles which file cannot be read, and why, one sentence each
 */
public record Scripts(Optional<Script> worker, Optional<Script> coordinator, List<String> troubles) {

    /** Nothing is configured. */
    public static final Scripts NONE = new Scripts(Optional.empty(), Optional.empty(), List.of());

    public Scripts {
        troubles = List.copyOf(troubles);
    }

    /** Whether there is nothing to do and nothing to tell. */
    public boolean isEmpty() {
        return worker.isEmpty() && coordinator.isEmpty() && troubles.isEmpty();
    }
}
