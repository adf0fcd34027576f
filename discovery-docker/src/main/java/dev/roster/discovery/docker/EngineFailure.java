package dev.roster.discovery.docker;

/**
 * The engine could not be asked, or its answer could not be used. The message is a whole sentence for people: what was
 * tried, what was seen, what to do.
 */
final class EngineFailure extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, as far as it decides what happens next. */
    enum Kind {
        /** The mounted socket file belongs to an engine that is gone; only a restart of this process cures it. */
        STALE_SOCKET,
        /** Everything else: trying again is right. */
        OTHER
    }

    private final Kind kind;

    EngineFailure(Kind kind, String sentence, Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    EngineFailure(String sentence) {
        super(sentence);
        this.kind = Kind.OTHER;
    }

    EngineFailure(String sentence, Throwable cause) {
        this(Kind.OTHER, sentence, cause);
    }

    Kind kind() {
        return kind;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
