package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.OrderView;
import dev.roster.app.api.OrdersView;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stays until an order is over. Whatever happens to the service meanwhile, what it shows afterwards decides: the order is in
 * the ledger, and goes on without whoever waits.
 */
final class OrderWait {

    /** How often the service is asked, which has the answer at hand. */
    static final Duration LOOK = Duration.ofSeconds(1);

    /** How long a service is waited for that does not answer. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Service service;
    private final OrderView.Given order;
    private final OrderTeller teller;
    private final Optional<Duration> limit;
    private final Pace pace;

    private @Nullable Duration silentSince;

    /** What is asked. */
    interface Service {

        /** What stands. */
        OrdersView orders() throws CommandFailed;

        /** What was done since this order was given, under this node's address, newest first. */
        JournalView journal(OrderView.Given order, String node) throws CommandFailed;
    }

    /** The time while somebody waits. */
    interface Pace {

        /** How long it has been. */
        Duration elapsed();

        /** Waits so long. */
        void pause(Duration time) throws InterruptedException;
    }

    OrderWait(Service service, OrderView.Given order, OrderTeller teller, Optional<Duration> limit, Pace pace) {
        this.service = service;
        this.order = order;
        this.teller = teller;
        this.limit = limit;
        this.pace = pace;
    }

    /** Waits; returns the exit code. */
    int run() throws CommandFailed, InterruptedException {
        while (true) {
            Optional<OrderFate.Over> over = look();
            if (over.isPresent()) {
                teller.over(over.get().done(), over.get().sentence());
                return over.get().done() ? ExitCodes.DONE : ExitCodes.NOT_DONE;
            }
            Duration left = limit.orElse(LOOK.plus(pace.elapsed())).minus(pace.elapsed());
            if (!left.isPositive()) {
                teller.over(false, "The time is up. " + goesOn(order));
                return silentSince == null ? ExitCodes.NOT_DONE : ExitCodes.UNREACHABLE;
            }
            pace.pause(left.compareTo(LOOK) < 0 ? left : LOOK);
        }
    }

    /** What whoever stops waiting has to know. */
    static String goesOn(OrderView.Given order) {
        return order.kind().equals("rebalance")
                ? "The rebalance goes on; 'roster orders' shows how far it is, 'roster rebalance --stop' stops it"
                : "The order to " + order.kind() + " " + order.node() + " stands; 'roster orders' shows how far it is,"
                        + " 'roster cancel " + order.node() + "' takes it back";
    }

    private Optional<OrderFate.Over> look() throws CommandFailed {
        try {
            OrdersView view = service.orders();
            Optional<OrderFate.Over> over = judge(view);
            silentSince = null;
            return over;
        } catch (CommandFailed e) {
            if (e.exitCode() != ExitCodes.UNREACHABLE) {
                throw e;
            }
            if (silentSince == null) {
                silentSince = pace.elapsed();
            }
            if (pace.elapsed().minus(silentSince).compareTo(PATIENCE) >= 0) {
                throw new CommandFailed(ExitCodes.UNREACHABLE, e.getMessage() + "\n" + goesOn(order), e);
            }
            teller.trouble(e.getMessage() + "; trying again");
            return Optional.empty();
        }
    }

    private Optional<OrderFate.Over> judge(OrdersView view) throws CommandFailed {
        return switch (OrderFate.of(order, view)) {
            case OrderFate.Stands stands -> {
                teller.stands(stands.order(), view);
                yield Optional.empty();
            }
            case OrderFate.Unknown _ -> {
                if (view.at().isEmpty()) {
                    teller.trouble("Roster does not see the coordinator just now; 'roster status' tells why");
                }
                yield Optional.empty();
            }
            case OrderFate.Gone gone -> Optional.of(OrderFate.ofGone(order, service.journal(order, gone.node())));
            case OrderFate.Over over -> Optional.of(over);
        };
    }
}
