package dev.roster.app.cli;

import java.io.PrintWriter;
import java.util.function.Predicate;

/** Tells programs what the stream brings: a line of JSON for each event. What becomes of the connection goes to standard error. */
final class JsonEvents implements EventTeller {

    private final PrintWriter out;
    private final PrintWriter err;
    private final Predicate<String> names;
    private boolean lost;

    private JsonEvents(PrintWriter out, PrintWriter err, Predicate<String> names) {
        this.out = out;
        this.err = err;
        this.names = names;
    }

    /** All events. */
    static JsonEvents ofAll(PrintWriter out, PrintWriter err) {
        return new JsonEvents(out, err, _ -> true);
    }

    /** Those that bring journal entries. */
    static JsonEvents ofJournal(PrintWriter out, PrintWriter err) {
        return new JsonEvents(out, err, "journal"::equals);
    }

    @Override
    public void connected() {
        if (lost) {
            lost = false;
            say("Roster answers again");
        }
    }

    @Override
    public void event(EventLines.Event event) {
        if (!names.test(event.name())) {
            return;
        }
        // The data is JSON already.
        out.println("{\"event\":" + Json.text(event.name()) + ",\"id\":" + Json.text(event.id()) + ",\"data\":"
                + event.data().replace("\n", " ") + "}");
        out.flush();
    }

    @Override
    public void lost(String sentence) {
        if (!lost) {
            lost = true;
            say(sentence + "; trying again");
        }
    }

    @Override
    public boolean isAbandoned() {
        return out.checkError();
    }

    @Override
    public void close() {
        out.flush();
    }

    private void say(String sentence) {
        err.println(sentence);
        err.flush();
    }
}
