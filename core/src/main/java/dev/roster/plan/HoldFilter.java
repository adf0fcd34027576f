package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.ledger.Intent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Withholds whatever concerns a server that a person wants to be left alone. */
final class HoldFilter implements Filter {

    private final Map<HostPort, Intent> held = new HashMap<>();

    HoldFilter(Observation seen) {
        for (Intent intent : seen.cluster().ledger().intents()) {
            if (intent.kind() == Intent.Kind.HOLD && intent.stage() != Intent.Stage.CANCELLED) {
                HostPort now = intent.node()
                        .flatMap(seen.cluster()::node)
                        .map(node -> node.address())
                        .orElse(intent.address());
                held.put(now, intent);
            }
        }
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        return Optional.ofNullable(held.get(action.address()))
                .flatMap(intent -> Reason.because(IntentSentences.held(intent)));
    }
}
