package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import dev.roster.app.api.OrderView;
import dev.roster.app.api.OrdersView;
import dev.roster.app.api.RebalanceView;
import dev.roster.app.api.StandingOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers of the service about one drain. */
final class Given {

    static final Instant SINCE = Instant.parse("2026-01-31T12:00:00Z");
    static final String NODE = "worker-1:5432";
    static final OrderView.Given DRAIN = new OrderView.Given("drain", NODE, SINCE);
    static final long JOB = 7;

    private Given() {}

    static OrderView.Given order(String kind) {
        return new OrderView.Given(kind, NODE, SINCE);
    }

    static StandingOrder standing(String kind, String stage) {
        return standing(kind, stage, Optional.empty());
    }

    static StandingOrder standing(String kind, String stage, Optional<String> sentence) {
        return new StandingOrder(
                kind,
                NODE,
                Optional.empty(),
                Optional.empty(),
                stage,
                stage.equals("running") ? Optional.of(JOB) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                sentence,
                Optional.empty(),
                "operator",
                SINCE.plusNanos(1_000));
    }

    static OrdersView orders(StandingOrder... orders) {
        return new OrdersView(List.of(orders), Optional.empty(), Optional.of(SINCE.plusSeconds(1)));
    }

    static RebalanceView moves(long done, Optional<RebalanceView.Stall> stall) {
        return new RebalanceView(
                "running",
                Optional.of("drain"),
                Optional.of(JOB),
                Optional.of("auto"),
                Optional.of(SINCE),
                Optional.of("operator"),
                new RebalanceView.Moves(done, 4, 1, 0),
                Optional.of(new RebalanceView.Bytes(done * 25_000_000, 100_000_000)),
                List.of(new RebalanceView.Current(
                        "public.orders", 102011, NODE, "worker-2:5432", 10_000, 5_000, Optional.of("Catching Up"))),
                OptionalLong.of(1_000_000),
                OptionalLong.of(75),
                stall,
                List.of(),
                Optional.empty(),
                Optional.of(SINCE));
    }

    static JournalView journal(JournalView.Entry... newestFirst) {
        return new JournalView(List.of(newestFirst));
    }

    static JournalView.Entry entry(String action, String outcome) {
        return new JournalView.Entry(
                1, SINCE, "operator", action, Optional.of(NODE), outcome, "The " + action + " is " + outcome);
    }
}
