package dev.roster.app.engine;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.NodeSize;
import dev.roster.cluster.NodeSizes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Sizes asked for at most once a minute, however many people look, also while asking fails. Thread-safe; who comes while another
 * asks waits for that answer.
 */
final class RememberedSizes {

    private static final Duration LEAST_PAUSE = Duration.ofMinutes(1);

    private final NodeSizes sizes;
    private final InstantSource clock;
    private Optional<Instant> asked = Optional.empty();
    private Optional<CoordinatorUnavailable> failure = Optional.empty();
    private SizesSeen seen = new SizesSeen(Instant.EPOCH, List.of());

    RememberedSizes(NodeSizes sizes, InstantSource clock) {
        this.sizes = sizes;
        this.clock = clock;
    }

    synchronized SizesSeen latest() throws CoordinatorUnavailable {
        Instant now = clock.instant();
        if (asked.isEmpty() || !now.isBefore(asked.get().plus(LEAST_PAUSE))) {
            asked = Optional.of(now);
            ask(now);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return seen;
    }

    private void ask(Instant now) {
        try {
            List<NodeSize> said = sizes.look();
            seen = new SizesSeen(now, said);
            failure = Optional.empty();
        } catch (CoordinatorUnavailable e) {
            failure = Optional.of(e);
        }
    }
}
