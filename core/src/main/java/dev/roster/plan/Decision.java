package dev.roster.plan;

import dev.roster.cluster.NodeId;
import dev.roster.ledger.LedgerChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a row decided.
 *
 * @param situation which row
 * @param sentence what is so, why, and what would change it
 * @param action what to do, if anything
 * @param notes what was learnt
 * @param named the member whose data this server has, if it stands at another address: that member is not removed meanwhile
 */
record Decision(
        Situation situation,
        String sentence,
        Optional<Action> action,
        List<LedgerChange> notes,
        Optional<NodeId> named) {

    Decision {
        notes = List.copyOf(notes);
    }

    static Decision say(Situation situation, String sentence) {
        return new Decision(situation, sentence, Optional.empty(), List.of(), Optional.empty());
    }

    static Decision act(Situation situation, String sentence, Action action) {
        return new Decision(situation, sentence, Optional.of(action), List.of(), Optional.empty());
    }

    Decision noting(List<LedgerChange> learnt) {
        return new Decision(situation, sentence, action, learnt, named);
    }

    Decision alsoNoting(LedgerChange change) {
        List<LedgerChange> all = new ArrayList<>(notes);
        all.add(change);
        return new Decision(situation, sentence, action, all, named);
    }

    Decision naming(NodeId member) {
        return new Decision(situation, sentence, action, notes, Optional.of(member));
    }
}
