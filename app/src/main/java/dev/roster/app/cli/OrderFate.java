package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.OrderView;
import dev.roster.app.api.OrdersView;
import dev.roster.app.api.StandingOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What has become of an order. Pure: it follows from what the service shows. */
sealed interface OrderFate {

    /**
     * It stands.
     *
     * @param order how far it is
     */
    record Stands(StandingOrder order) implements OrderFate {}

    /**
     * It does not stand any more; the journal tells why.
     *
     * @param node under which address the journal has its end
     */
    record Gone(String node) implements OrderFate {}

    /** What the service shows is older than the order, or nothing. */
    record Unknown() implements OrderFate {}

    /**
     * It is over.
     *
     * @param done whether it was carried out
     * @param sentence how it ended
     */
    record Over(boolean done, String sentence) implements OrderFate {}

    String REPLACE = "replace";

    /** Orders are remembered to the microsecond, and told before they are remembered. */
    Duration SAME = Duration.ofMillis(1);

    /** The journal's words for the end of an order that was carried out. */
    Set<String> CARRIED_OUT = Set.of("done", "finished");

    /** And of one that was not. */
    Set<String> NOT_CARRIED_OUT = Set.of("cancelled", "stopped", "gone", "failed");

    /**
     * By the orders that stand.
     *
     * @param given the order
     * @param view what stands
     */
    static OrderFate of(OrderView.Given given, OrdersView view) {
        Optional<StandingOrder> found = view.orders().stream()
                .filter(order -> isIt(given, order))
                .min((one, other) -> Boolean.compare(isDone(one), isDone(other)));
        if (found.isPresent()) {
            return of(found.get());
        }
        return view.at().filter(at -> at.isAfter(given.since())).isPresent() ? new Gone(given.node()) : new Unknown();
    }

    /**
     * By the journal.
     *
     * @param given an order that does not stand any more
     * @param journal what was done since, newest first
     */
    static Over ofGone(OrderView.Given given, JournalView journal) {
        return journal.entries().stream()
                .filter(isItsEnd(given))
                .findFirst()
                .map(entry -> new Over(CARRIED_OUT.contains(entry.outcome()), entry.sentence()))
                .orElseGet(() -> new Over(
                        false,
                        "The order does not stand any more, and the journal does not say that it was carried out;"
                                + " 'roster status' shows what is so"));
    }

    private static OrderFate of(StandingOrder order) {
        return switch (order.stage()) {
            case "done" ->
                order.kind().equals(REPLACE)
                        // What stands keeps the lost server out; the end is told of the one in its place.
                        ? new Gone(order.target().orElse(order.node()))
                        : new Over(true, order.sentence().orElse("It is carried out"));
            case "failed" ->
                new Over(false, order.sentence().or(order::note).orElse("It failed; 'roster status' tells more"));
            case "cancelled" -> new Over(false, "It was cancelled; what has moved stays");
            default -> new Stands(order);
        };
    }

    private static boolean isIt(OrderView.Given given, StandingOrder order) {
        return order.kind().equals(given.kind())
                && order.node().equals(given.node())
                && Duration.between(order.since(), given.since()).abs().compareTo(SAME) < 0;
    }

    private static boolean isDone(StandingOrder order) {
        return order.stage().equals("done");
    }

    private static Predicate<JournalView.Entry> isItsEnd(OrderView.Given given) {
        return entry -> (entry.action().equals(given.kind()) && NOT_CARRIED_OUT.contains(entry.outcome()))
                || (entry.action().equals(lastAction(given.kind())) && CARRIED_OUT.contains(entry.outcome()));
    }

    /** With what an order ends; the line of its own name tells for some that it began. */
    private static String lastAction(String kind) {
        return switch (kind) {
            case "drain" -> "remove";
            case REPLACE -> "rebuild-shards";
            default -> kind;
        };
    }
}
