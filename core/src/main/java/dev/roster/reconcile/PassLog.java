package dev.roster.reconcile;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.execute.Outcome;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import dev.roster.plan.Plan;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What a pass says in the log: changes, and transitions of everything else. What stays as it was is not repeated. Context
 * keys: {@code pass}, {@code node}, {@code group}, {@code action}. Used by the thread that runs the passes.
 */
final class PassLog {

    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

    private Set<String> withheld = Set.of();
    private Set<String> alarms = Set.of();
    private Map<HostPort, Situation> situations = Map.of();
    private final Map<HostPort, String> refusals = new HashMap<>();
    private final Set<String> troublesTold = new HashSet<>();

    void begin(long number) {
        MDC.put("pass", Long.toString(number));
    }

    void end() {
        MDC.remove("pass");
    }

    void leadership(boolean leading, Optional<String> holder) {
        if (leading) {
            LOG.info("Leading: this Roster holds the lock of its database and acts");
        } else {
            LOG.info("Standing by: {} leads; observing only", holder.orElse("nobody known"));
        }
    }

    void coordinatorUnavailable(CoordinatorUnavailable e, int failures, Duration retry) {
        // Each kind of failure is told once until it answers: a wrong password may hide behind a slow first try.
        if (troublesTold.add(Objects.requireNonNullElse(e.sqlState(), ""))) {
            LOG.warn(
                    "{}; {}; retry in {} s and on, no changes until it answers",
                    e.getMessage(),
                    e.remedy(),
                    Math.max(1, retry.toSeconds()));
        } else {
            LOG.debug("{} ({} times now)", e.getMessage(), failures);
        }
    }

    void coordinatorAnswers(int failures) {
        troublesTold.clear();
        if (failures > 0) {
            LOG.info("Coordinator answers again after {} failed tries", failures);
        }
    }

    void plan(Plan plan, boolean leading) {
        verdicts(plan.verdicts());
        alarms(plan.alarms());
        if (leading) {
            withheld(plan.withheld());
        }
        refusals.keySet().retainAll(addressesOf(plan));
    }

    void outcome(Outcome outcome) {
        Action action = outcome.action();
        MDC.put("node", action.address().toString());
        MDC.put("action", action.kind());
        if (action.groupForOrder().value() != Integer.MAX_VALUE) {
            MDC.put("group", action.groupForOrder().toString());
        }
        try {
            switch (outcome) {
                case Outcome.Done done -> {
                    LOG.info("{}", done.sentence());
                    done.warnings().forEach(warning -> LOG.warn("{}: Citus warned: {}", action.address(), warning));
                }
                case Outcome.AlreadyTrue already -> LOG.info("{}", already.sentence());
                case Outcome.Outdated outdated -> LOG.debug("{}", outdated.sentence());
                case Outcome.Refused refused -> {
                    if (isNew(refused)) {
                        LOG.warn("{}", refused.sentence());
                    } else {
                        LOG.debug("{}", refused.sentence());
                    }
                }
            }
        } finally {
            MDC.remove("node");
            MDC.remove("action");
            MDC.remove("group");
        }
    }

    /** The journal's lines for refusals that were not the last thing said of their node; remembers them as said. */
    List<LedgerChange> refusalsForJournal(List<Outcome> outcomes, Instant now) {
        List<LedgerChange> lines = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Refused refused) {
                if (isNew(refused)) {
                    lines.add(Bookkeeping.refused(refused.action(), refused.refusal(), now));
                }
                refusals.put(refused.action().address(), key(refused));
            } else {
                refusals.remove(outcome.action().address());
            }
        }
        return lines;
    }

    private boolean isNew(Outcome.Refused refused) {
        return !key(refused).equals(refusals.get(refused.action().address()));
    }

    private static String key(Outcome.Refused refused) {
        return refused.action().kind() + " " + refused.refusal().situation();
    }

    private void verdicts(List<Verdict> verdicts) {
        Map<HostPort, Situation> now = new HashMap<>();
        for (Verdict verdict : verdicts) {
            now.put(verdict.address(), verdict.situation());
            Situation before = situations.get(verdict.address());
            if (verdict.situation() != before) {
                MDC.put("node", verdict.address().toString());
                changed(verdict, before != null && before.weight() == Situation.Weight.ALARM);
                MDC.remove("node");
            }
        }
        situations = now;
    }

    private static void changed(Verdict verdict, boolean wasAlarm) {
        switch (verdict.situation().weight()) {
            case ALARM -> LOG.warn("{}: {}", verdict.name(), verdict.sentence());
            case WAITING -> LOG.info("{}: {}", verdict.name(), verdict.sentence());
            case CALM, CHANGING -> {
                if (wasAlarm) {
                    LOG.info("{}: {}", verdict.name(), verdict.sentence());
                } else {
                    LOG.debug("{}: {}", verdict.name(), verdict.sentence());
                }
            }
        }
    }

    private void alarms(List<String> now) {
        now.stream().filter(alarm -> !alarms.contains(alarm)).forEach(alarm -> LOG.warn("{}", alarm));
        alarms.stream().filter(alarm -> !now.contains(alarm)).forEach(alarm -> LOG.info("Over: {}", alarm));
        alarms = Set.copyOf(now);
    }

    private void withheld(List<Withheld> now) {
        Set<String> keys = new HashSet<>();
        for (Withheld held : now) {
            String key = held.filter() + " " + held.action().kind() + " "
                    + held.action().address();
            keys.add(key);
            if (!withheld.contains(key)) {
                LOG.info(
                        "{} of {} withheld: {}",
                        held.action().kind(),
                        held.action().address(),
                        held.reason());
            }
        }
        withheld = keys;
    }

    private static Set<HostPort> addressesOf(Plan plan) {
        Set<HostPort> addresses = new HashSet<>();
        plan.verdicts().forEach(verdict -> addresses.add(verdict.address()));
        plan.actions().forEach(action -> addresses.add(action.address()));
        return addresses;
    }
}
