package dev.roster.discovery;

import dev.roster.cluster.HostPort;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What one source answers when it has looked everywhere it looks. The type tells <em>nobody is there</em> from <em>I could
 * not look</em>: only {@link Complete} can show that a worker is gone.
 */
public sealed interface Sighting {

    /** The source's type, such as {@code docker}. */
    String source();

    /** When the look ended. */
    Instant at();

    /**
     * Everything was looked at.
     *
     * @param source the source's type
     * @param at when the look ended
     * @param scopes where it looked; a member seen in another scope is not judged by this answer
     * @param workers everybody it saw
     * @param setAside what it saw and could not take for a worker, with the reason, such as a label with a bad port
     * @param alsoPresent addresses of things that exist there in any state without being workers now; nobody at such an
     *     address counts as gone
     * @param absenceIsProof whether a worker not in this answer does not exist, as in an engine's full container list
     */
    record Complete(
            String source,
            Instant at,
            Set<Scope> scopes,
            List<Worker> workers,
            List<SetAside> setAside,
            Set<HostPort> alsoPresent,
            boolean absenceIsProof)
            implements Sighting {

        public Complete {
            scopes = Set.copyOf(scopes);
            workers = List.copyOf(workers);
            setAside = List.copyOf(setAside);
            alsoPresent = Set.copyOf(alsoPresent);
        }
    }

    /**
     * Some of the look failed: those seen are there, those not seen may be.
     *
     * @param source the source's type
     * @param at when the look ended
     * @param workers those it saw
     * @param missing what could not be looked at, and why, in one sentence
     */
    record Partial(String source, Instant at, List<Worker> workers, String missing) implements Sighting {

        public Partial {
            workers = List.copyOf(workers);
        }
    }

    /**
     * The look failed.
     *
     * @param source the source's type
     * @param at when it failed
     * @param reason what was tried, what was seen, and what to do, in one sentence
     */
    record Unavailable(String source, Instant at, String reason) implements Sighting {}

    /**
     * Something that looked like a worker and cannot be one as it is.
     *
     * @param name what people call it
     * @param sentence why it was set aside, and what to mend
     */
    record SetAside(String name, String sentence) {}
}
