package dev.roster.app.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds keys that look like Roster's and are not, which are mostly misspelt ones that would silently do nothing. Left alone
 * is what an orchestrator injects for a service that happens to be called roster (Kubernetes' and Docker's service links).
 */
final class UnknownKeys {

    private static final Pattern INJECTED_NAME = Pattern.compile(
            "ROSTER_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)|ROSTER_NAME|ROSTER_ENV_.*");
    private static final Pattern INJECTED_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final TreeSet<String> known;

    /**
     * @param known every key that exists, as properties
     */
    UnknownKeys(Collection<String> known) {
        this.known = new TreeSet<>(known);
    }

    List<Fault> faults(ConfigTexts texts) {
        List<Fault> faults = new ArrayList<>();
        Map<String, String> keyOfVariable = new TreeMap<>();
        known.forEach(key -> keyOfVariable.put(DeclaredKey.environmentName(key), key));
        new TreeMap<>(texts.environment()).forEach((name, value) -> {
            if (name.startsWith("ROSTER_")
                    && !keyOfVariable.containsKey(name)
                    && !isForTheLauncher(name)
                    && !isInjected(name, value)) {
                faults.add(unknown(name, keyOfVariable.keySet()));
            }
        });
        for (String name : texts.propertyNames("roster.")) {
            if (!known.contains(name)) {
                faults.add(unknown(name, known));
            }
        }
        return faults;
    }

    private static boolean isForTheLauncher(String name) {
        return name.equals("ROSTER_JAVA_HOME");
    }

    private static boolean isInjected(String name, String value) {
        return INJECTED_NAME.matcher(name).matches()
                || INJECTED_VALUE.matcher(value).matches();
    }

    private static Fault unknown(String name, Collection<String> choices) {
        String nearest = Nearest.to(name.toLowerCase(Locale.ROOT), choices);
        return new Fault(name, name + " is no setting of Roster; did you mean " + nearest + "?");
    }
}
