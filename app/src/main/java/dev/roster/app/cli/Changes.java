package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.NodesView;
import dev.roster.app.api.SituationView;
import dev.roster.app.api.SourceView;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * What is different in one answer of the service from the one before. What is shown first is no change: of that, only what is
 * not as it should be is told. Not thread-safe.
 */
final class Changes {

    private final Map<String, Facts> known = new LinkedHashMap<>();
    private long lastEntry = -1;

    /** What is known of one kind of thing: a word for each, and the sentence that goes with it. */
    private record Facts(Map<String, Fact> facts) {}

    private record Fact(String word, String sentence, boolean calm) {}

    /** New journal entries, oldest first. Those of the first answer are old. */
    List<JournalView.Entry> journal(JournalView journal) {
        List<JournalView.Entry> entries = journal.entries().reversed();
        long highest = entries.stream().mapToLong(JournalView.Entry::id).max().orElse(0);
        boolean first = lastEntry < 0;
        boolean another = highest < lastEntry; // the ledger was lost, and its journal begins anew
        long before = another ? 0 : lastEntry;
        lastEntry = highest == 0 && !first ? lastEntry : highest;
        return first
                ? List.of()
                : entries.stream().filter(entry -> entry.id() > before).toList();
    }

    /** Only entries after this one are new. */
    void journalIsKnownUntil(long entry) {
        lastEntry = entry;
    }

    /** Other states of workers. */
    List<String> workers(WorkersView view) {
        Map<String, Fact> now = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (WorkersView.Worker worker : view.workers()) {
            worker.situation()
                    .ifPresent(state -> now.put(worker.address(), member(worker.name(), state, worker.sentence())));
        }
        for (WorkersView.SetAside aside : view.setAside()) {
            now.put(aside.name(), new Fact(aside.name() + ": set-aside", aside.sentence(), false));
        }
        return changed("worker", now, (before, gone) -> before.word() + " before, no longer sighted");
    }

    /** Other states of nodes that no worker stands for: those are told by their worker. */
    List<String> nodes(NodesView view) {
        Map<String, Fact> sighted =
                known.getOrDefault("worker", new Facts(Map.of())).facts();
        Map<String, Fact> now = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (NodesView.Node node : view.nodes()) {
            if (!sighted.containsKey(node.address())) {
                node.situation()
                        .ifPresent(state -> now.put(node.address(), member(node.name(), state, node.sentence())));
            }
        }
        return changed("node", now, (before, gone) -> "");
    }

    /** Other circumstances: who leads, whether the coordinator answers, how the sources are, what is wrong as a whole. */
    List<String> status(StatusView status) {
        List<String> lines = new ArrayList<>();
        lines.addAll(changed("leader", Map.of("", leader(status.leadership())), (before, gone) -> ""));
        lines.addAll(changed("coordinator", Map.of("", coordinator(status.coordinator())), (before, gone) -> ""));
        Map<String, Fact> sources = new TreeMap<>();
        for (SourceView source : status.sources()) {
            sources.put(source.source(), source(source));
        }
        lines.addAll(changed("source", sources, (before, gone) -> ""));
        Map<String, Fact> alarms = new LinkedHashMap<>();
        status.alarms().forEach(alarm -> alarms.put(alarm, new Fact("Alarm", alarm, false)));
        lines.addAll(changed("alarm", alarms, (before, gone) -> "Alarm is over: " + gone));
        return lines;
    }

    private List<String> changed(String kind, Map<String, Fact> now, BiFunction<Fact, String, String> ofGone) {
        Facts before = known.put(kind, new Facts(now));
        List<String> lines = new ArrayList<>();
        now.forEach((name, fact) -> {
            Optional<Fact> was =
                    Optional.ofNullable(before).map(facts -> facts.facts().get(name));
            boolean isNews = before == null
                    ? !fact.calm()
                    : was.filter(it -> it.word().equals(fact.word())).isEmpty();
            if (isNews) {
                lines.add(fact.word() + (fact.sentence().isEmpty() ? "" : ": " + fact.sentence()));
            }
        });
        if (before != null) {
            before.facts().forEach((name, fact) -> {
                String line = now.containsKey(name) ? "" : ofGone.apply(fact, name);
                if (!line.isEmpty()) {
                    lines.add(line);
                }
            });
        }
        return lines;
    }

    private static Fact member(String name, SituationView state, String sentence) {
        return new Fact(name + ": " + state.name(), sentence, state.weight().equals("calm"));
    }

    private static Fact leader(StatusView.Leadership leadership) {
        return leadership.leading()
                ? new Fact("This Roster leads", "", true)
                : new Fact(
                        leadership
                                .holder()
                                .map(holder -> "Another leads: " + holder)
                                .orElse("Nobody leads yet"),
                        "",
                        true);
    }

    private static Fact coordinator(StatusView.Coordinator coordinator) {
        return coordinator
                .trouble()
                .map(trouble -> new Fact("Coordinator", trouble.sentence() + "; " + trouble.remedy(), false))
                .orElseGet(() -> coordinator.reached()
                        ? new Fact("Coordinator answers", "", true)
                        : new Fact("Coordinator is not reached yet", "", true));
    }

    private static Fact source(SourceView source) {
        return source.connected()
                ? new Fact("Source " + source.source() + " is connected", "", true)
                : new Fact(
                        "Source " + source.source() + " is not connected",
                        source.error().orElse(""),
                        false);
    }
}
