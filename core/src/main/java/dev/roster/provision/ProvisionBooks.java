package dev.roster.provision;

import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.LedgerChange;
import java.time.Instant;
import java.util.Optional;

/** How the journal tells of provisioning. Pure, so that every implementation of the port keeps the same books. */
public final class ProvisionBooks {

    private ProvisionBooks() {}

    /** What was carried out, in one sentence without a full stop. */
    public static String sentence(Attempt attempt) {
        return attempt.target().script() + " " + attempt.script().shortFingerprint() + " carried out on "
                + attempt.target().address();
    }

    /** The journal's line for a script that was carried out. */
    public static LedgerChange done(Attempt attempt, Instant now) {
        return line(attempt.target(), "done", sentence(attempt), now);
    }

    /**
     * A line of the journal.
     *
     * @param target whom it concerns
     * @param outcome {@code done} or {@code refused}
     * @param sentence what happened
     * @param now when
     */
    public static LedgerChange line(Target target, String outcome, String sentence, Instant now) {
        return LedgerChange.Append.line(
                now, Bookkeeping.ROSTER, "provision", Optional.of(target.address()), outcome, sentence);
    }
}
