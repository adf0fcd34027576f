package dev.roster.app.stream;

import dev.roster.app.api.Answers;
import java.util.List;
import java.util.function.Function;

/**
 * A view that the stream sends whole.
 *
 * @param word the name of its events
 * @param sent when it is sent again
 * @param view the same as its GET answers
 */
record Kind(String word, Sent sent, Function<Answers, Object> view) {

    /** All of them, in the order in which a new client is told. */
    static final List<Kind> ALL = List.of(
            new Kind("status", Sent.AFTER_EVERY_PASS, Answers::status),
            new Kind("workers", Sent.WHEN_IT_CHANGED, Answers::workers),
            new Kind("nodes", Sent.WHEN_IT_CHANGED, Answers::nodes),
            new Kind("plan", Sent.WHEN_IT_CHANGED, Answers::plan));

    /** When it is sent again. */
    enum Sent {
        AFTER_EVERY_PASS,
        WHEN_IT_CHANGED
    }

    /** Whether it is sent again after a pass although it reads the same. */
    boolean isSentAfterEveryPass() {
        return sent == Sent.AFTER_EVERY_PASS;
    }
}
