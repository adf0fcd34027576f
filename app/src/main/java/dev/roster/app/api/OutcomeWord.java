package dev.roster.app.api;

import dev.roster.execute.Outcome;

/** The word for what became of an action, in the API and in the metrics. */
public final class OutcomeWord {

    private OutcomeWord() {}

    /** {@code done}, {@code already-true}, {@code outdated} or {@code refused}. */
    public static String of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> "done";
            case Outcome.AlreadyTrue _ -> "already-true";
            case Outcome.Outdated _ -> "outdated";
            case Outcome.Refused _ -> "refused";
        };
    }
}
