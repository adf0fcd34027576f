package dev.roster.app.stream;

/** What one client is sent next. */
sealed interface StreamEvent {

    /**
     * Something to tell.
     *
     * @param number up to which number whoever received it has everything; 0 within a full set, which has to be sent anew if it
     *     is cut
     * @param name the name of the event
     * @param data JSON in one line
     */
    record Told(long number, String name, String data) implements StreamEvent {}

    /** Nothing new; proves to both ends and all between that the connection lives. */
    record Heartbeat() implements StreamEvent {}

    /** The stream ends. */
    record End() implements StreamEvent {}
}
