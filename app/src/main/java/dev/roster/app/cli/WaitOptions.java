package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.OrderView;
import dev.roster.app.api.OrdersView;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a command that orders something stays until that is over. */
final class WaitOptions {

    @Option(
            names = "--wait",
            description = {
                "Stay until it is carried out or has failed, and show",
                "how far it is. Ctrl-C leaves the order standing."
            })
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = {"How long to stay at most, such as 30m; the order", "stands afterwards. Goes with --wait."})
    private @Nullable Duration timeout;

    boolean isWanted() throws CommandFailed {
        if (timeout != null && !wait) {
            throw new CommandFailed(ExitCodes.USAGE, "--timeout goes with --wait only", null);
        }
        return wait;
    }

    /**
     * Stays until an order is over; returns the exit code. Whoever ends the process meanwhile is told that the order stands.
     *
     * @param client asks the service
     * @param order the order
     * @param json whether a program reads
     * @param out where to tell
     */
    int untilOver(ServiceClient client, OrderView.Given order, boolean json, PrintWriter out) throws CommandFailed {
        OrderTeller teller =
                json ? new OrderTeller.AsJson(out) : new OrderTeller.ForPeople(Board.of(out), InstantSource.system());
        try (AtInterrupt _ = new AtInterrupt(() -> {
            teller.close();
            System.err.println(OrderWait.goesOn(order));
        })) {
            return new OrderWait(asking(client), order, teller, Optional.ofNullable(timeout), pace()).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCodes.NOT_DONE, "interrupted", e);
        } finally {
            teller.close();
        }
    }

    private static OrderWait.Service asking(ServiceClient client) {
        return new OrderWait.Service() {
            @Override
            public OrdersView orders() throws CommandFailed {
                return client.read(client.get("/api/v1/orders"), OrdersView.class);
            }

            @Override
            public JournalView journal(OrderView.Given order, String node) throws CommandFailed {
                String only = order.kind().equals("rebalance")
                        ? ""
                        : "&node=" + URLEncoder.encode(node, StandardCharsets.UTF_8);
                return client.read(
                        client.get("/api/v1/journal?limit=1000&since=" + order.since() + only), JournalView.class);
            }
        };
    }

    private static OrderWait.Pace pace() {
        long began = System.nanoTime();
        return new OrderWait.Pace() {
            @Override
            public Duration elapsed() {
                return Duration.ofNanos(System.nanoTime() - began);
            }

            @Override
            public void pause(Duration time) throws InterruptedException {
                Thread.sleep(time);
            }
        };
    }
}
