package dev.roster.app.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads what members and the coordinator are set up with; a file that is no good is a fault at the start. */
final class ProvisionKeys {

    private final ConfigTexts texts;
    private final List<Fault> faults;

    ProvisionKeys(ConfigTexts texts, List<Fault> faults) {
        this.texts = texts;
        this.faults = faults;
    }

    ProvisionFiles files(RosterConfig.Provision keys) {
        return new ProvisionFiles(
                file("roster.provision.worker-sql", keys.workerSql()),
                file("roster.provision.coordinator-sql", keys.coordinatorSql()),
                keys.minimumWorkers(),
                keys.timeout());
    }

    private Optional<ScriptFile> file(String key, Optional<Path> path) {
        Optional<ScriptFile> file = path.map(there -> new ScriptFile(key, there));
        try {
            if (file.isPresent()) {
                file.get().read();
            }
        } catch (IOException e) {
            texts.findFilled(key)
                    .ifPresent(written ->
                            faults.add(Fault.refused(written, String.valueOf(e.getMessage()), ScriptFile.ACCEPTED)));
        }
        return file;
    }
}
