package dev.roster.app.cli;

import dev.roster.app.settings.InvalidConfiguration;
import dev.roster.app.settings.RosterSettings;
import dev.roster.app.settings.SettingsReader;
import io.smallrye.config.SmallRyeConfig;
import org.eclipse.microprofile.config.ConfigProvider;

/** The settings as the commands that run in process read them: from the same sources as the service. */
final class Configuration {

    private Configuration() {}

    static RosterSettings read() throws CommandFailed {
        try {
            return new SettingsReader().read(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
        } catch (InvalidConfiguration e) {
            throw new CommandFailed(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
