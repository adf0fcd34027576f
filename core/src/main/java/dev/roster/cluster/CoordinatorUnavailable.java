package dev.roster.cluster;

import org.jspecify.annotations.Nullable;

/**
 * The coordinator could not be read, so nothing can be planned: it is down, refuses the login, is a standby, lacks the
 * extension, or hides behind a pooler. The message is one sentence for a person, without the password; the remedy says what
 * to do.
 */
public final class CoordinatorUnavailable extends Exception {

    private static final long serialVersionUID = 1L;

    private final @Nullable String sqlState;
    private final String remedy;
    private final boolean severalWritable;

    /**
     * @param sentence what was tried and what was seen
     * @param remedy what a person can do
     * @param sqlState the SQLSTATE, if the server or the driver gave one
     * @param cause what was thrown
     */
    public CoordinatorUnavailable(
            String sentence, String remedy, @Nullable String sqlState, @Nullable Throwable cause) {
        this(sentence, remedy, sqlState, cause, false);
    }

    private CoordinatorUnavailable(
            String sentence,
            String remedy,
            @Nullable String sqlState,
            @Nullable Throwable cause,
            boolean severalWritable) {
        super(sentence, cause);
        this.remedy = remedy;
        this.sqlState = sqlState;
        this.severalWritable = severalWritable;
    }

    /**
     * There are two coordinators: several of its hosts accept writes at once.
     *
     * @param sentence which
     * @param remedy what a person can do
     */
    public static CoordinatorUnavailable severalWritable(String sentence, String remedy) {
        return new CoordinatorUnavailable(sentence, remedy, null, null, true);
    }

    /** What a person can do, in one sentence. */
    public String remedy() {
        return remedy;
    }

    /** The SQLSTATE (PostgreSQL, Appendix A), or null if none was given. */
    public @Nullable String sqlState() {
        return sqlState;
    }

    /** Whether several hosts accept writes at once, which is the one case that harms while it lasts. */
    public boolean isSeveralWritable() {
        return severalWritable;
    }
}
