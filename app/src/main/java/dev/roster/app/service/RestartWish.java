package dev.roster.app.service;

import dev.roster.discovery.SourceHealth;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the service with an error once a source has proof that only a new start of this process helps, for the restart policy
 * to act on. Looks after each pass.
 */
final class RestartWish implements EngineListener {

    private static final Logger LOG = LoggerFactory.getLogger(RestartWish.class);

    private final Supplier<List<SourceHealth>> sources;
    private final IntConsumer exit;
    private boolean uttered;

    /**
     * @param sources how the sources are
     * @param exit ends the service with this exit code, without waiting for it
     */
    RestartWish(Supplier<List<SourceHealth>> sources, IntConsumer exit) {
        this.sources = sources;
        this.exit = exit;
    }

    @Override
    public void passEnded(PassResult result) {
        for (SourceHealth source : sources.get()) {
            if (source.restartNeeded() && !uttered) {
                uttered = true;
                LOG.error(
                        "{}: {}; Roster ends so that its restart policy can start it anew",
                        source.source(),
                        source.error().orElse("only a new start of this process helps"));
                exit.accept(1);
            }
        }
    }
}
