package dev.roster.citus;

import dev.roster.execute.Refusal;

/** Ends a transaction whose action is refused: by a check of ours before the call, or by the verification after it. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.sentence(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
