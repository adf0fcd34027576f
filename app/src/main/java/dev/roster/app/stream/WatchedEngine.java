package dev.roster.app.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.api.Answers;
import dev.roster.app.api.JournalView;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import java.util.List;
import java.util.Optional;

/** The engine, told in the words of the API. */
final class WatchedEngine implements Watched {

    private final RosterEngine engine;
    private final Answers answers;
    private final ObjectMapper json;

    /**
     * @param engine the engine
     * @param json the one that writes the API's answers, so that both read the same
     */
    WatchedEngine(RosterEngine engine, ObjectMapper json) {
        this.engine = engine;
        this.answers = new Answers(engine);
        this.json = json;
    }

    @Override
    public String view(Kind kind) {
        return text(kind.view().apply(answers));
    }

    @Override
    public String journalText(List<JournalEntry> entries) {
        return text(JournalView.of(entries));
    }

    @Override
    public Object sourceHealth() {
        return engine.sources().stream()
                .map(source ->
                        List.of(source.source(), source.connectedSince(), source.isStale(engine.now()), source.error()))
                .toList();
    }

    @Override
    public boolean coordinatorIsReached() {
        return engine.coordinatorIsReached();
    }

    @Override
    public List<JournalEntry> journal(int limit) throws CoordinatorUnavailable {
        return engine.journal(new JournalQuery(Optional.empty(), Optional.empty(), limit));
    }

    private String text(Object view) {
        try {
            return json.writeValueAsString(view);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written", e);
        }
    }
}
