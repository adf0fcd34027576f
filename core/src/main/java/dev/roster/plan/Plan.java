package dev.roster.plan;

import dev.roster.ledger.LedgerChange;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a pass decided: a value, the same for log, API, CLI, and dashboard.
 *
 * @param actions what to do, in order
 * @param withheld what a filter took out, and why
 * @param verdicts one for every worker and node, ordered by group, then address
 * @param alarms what concerns the whole cluster rather than one worker or node, one sentence each
 * @param notes what was learnt and is written to the ledger without changing anything; not shown as change
 */
public record Plan(
        List<Action> actions,
        List<Withheld> withheld,
        List<Verdict> verdicts,
        List<String> alarms,
        List<LedgerChange> notes) {

    /** Nothing known, nothing to do. */
    public static final Plan EMPTY = new Plan(List.of(), List.of(), List.of(), List.of(), List.of());

    public Plan {
        actions = List.copyOf(actions);
        withheld = List.copyOf(withheld);
        verdicts = List.copyOf(verdicts);
        alarms = List.copyOf(alarms);
        notes = List.copyOf(notes);
    }

    /** The same plan with more alarms after its own. */
    public Plan withAlarms(List<String> more) {
        return new Plan(
                actions,
                withheld,
                verdicts,
                Stream.concat(alarms.stream(), more.stream()).toList(),
                notes);
    }
}
