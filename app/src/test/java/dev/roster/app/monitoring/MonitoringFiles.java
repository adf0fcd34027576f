package dev.roster.app.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the files under {@code deploy/monitoring} and {@code docs/monitoring.md} say, by their text. */
public final class MonitoringFiles {

    /** Where the rules and their tests are. */
    static final Path FOLDER = Path.of("../deploy/monitoring").toAbsolutePath().normalize();

    private static final List<String> ASKING = List.of("roster.rules.yml", "grafana-dashboard.json");
    private static final Pattern METRIC = Pattern.compile("\\broster_[a-z_]+");
    private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(roster_[a-z_]+)` \\|");
    private static final Pattern STATES = Pattern.compile("state!?[=~]+\\\\?\"([a-z|-]+)\\\\?\"");

    private MonitoringFiles() {}

    /** The series that rules and dashboard ask for. */
    public static Set<String> metricsAskedFor() {
        Set<String> names = new TreeSet<>();
        for (String file : ASKING) {
            METRIC.matcher(read(FOLDER.resolve(file))).results().forEach(found -> names.add(found.group()));
        }
        return names;
    }

    /** The metrics that the page lists. */
    public static Set<String> metricsDocumented() {
        Set<String> names = new TreeSet<>();
        DOCUMENTED.matcher(page()).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    /** The states that rules and dashboard select. */
    static Set<String> statesAskedFor() {
        Set<String> states = new TreeSet<>();
        for (String file : ASKING) {
            STATES.matcher(read(FOLDER.resolve(file)))
                    .results()
                    .forEach(found -> states.addAll(List.of(found.group(1).split("\\|", -1))));
        }
        return states;
    }

    static String rules() {
        return read(FOLDER.resolve("roster.rules.yml"));
    }

    static String page() {
        return read(Path.of("../docs/monitoring.md"));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
