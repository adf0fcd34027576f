package dev.roster.app.cli;

/** Tells what a stream brings. */
interface EventTeller extends AutoCloseable {

    /** The stream is open. */
    void connected();

    /** Something new. */
    void event(EventLines.Event event) throws CommandFailed;

    /** The connection is lost, or could not be had again. */
    void lost(String sentence);

    /** Whether nobody reads what is told. */
    boolean isAbandoned();

    /** Takes away what is drawn anew. May be called twice. */
    @Override
    void close();
}
