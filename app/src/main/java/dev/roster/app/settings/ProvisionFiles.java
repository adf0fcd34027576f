package dev.roster.app.settings;

import dev.roster.provision.Script;
import dev.roster.provision.ScriptSource;
import dev.roster.provision.Scripts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What members and the coordinator are set up with.
 *
 * @param worker SQL for each member
 * @param coordinator SQL for the coordinator
 * @param minimumWorkers how many members the coordinator's SQL waits for
 * @param timeout how long one file may take
 */
public record ProvisionFiles(
        Optional<ScriptFile> worker, Optional<ScriptFile> coordinator, int minimumWorkers, Duration timeout)
        implements ScriptSource {

    /** Whether there is anything to carry out. */
    public boolean isEmpty() {
        return worker.isEmpty() && coordinator.isEmpty();
    }

    @Override
    public Scripts read() {
        List<String> troubles = new ArrayList<>();
        return new Scripts(read(worker, troubles), read(coordinator, troubles), troubles);
    }

    private static Optional<Script> read(Optional<ScriptFile> file, List<String> troubles) {
        try {
            return file.isPresent() ? Optional.of(file.get().read()) : Optional.empty();
        } catch (IOException e) {
            ScriptFile at = file.orElseThrow();
            troubles.add("The file " + at.path() + " of " + at.key() + " " + e.getMessage()
                    + "; nothing of it is carried out until it is back");
            return Optional.empty();
        }
    }
}
