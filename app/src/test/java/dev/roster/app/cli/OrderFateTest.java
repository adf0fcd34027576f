package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.api.OrdersView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderFateTest {

    @Test
    void anOrderThatIsShownStands() {
        assertThat(OrderFate.of(Given.DRAIN, Given.orders(Given.standing("drain", "running"))))
                .isInstanceOf(OrderFate.Stands.class);
    }

    @Test
    void anOrderGivenLaterForTheSameNodeIsAnother() {
        OrdersView later = new OrdersView(
                List.of(Given.standing("drain", "ordered")), Optional.empty(), Optional.of(Given.SINCE.plusSeconds(9)));

        assertThat(OrderFate.of(
                        new dev.roster.app.api.OrderView.Given("drain", Given.NODE, Given.SINCE.minusSeconds(60)),
                        later))
                .isInstanceOf(OrderFate.Gone.class);
    }

    @Test
    void anOrderThatIsNotShownYetIsNotGone() {
        assertThat(OrderFate.of(Given.DRAIN, new OrdersView(List.of(), Optional.empty(), Optional.of(Given.SINCE))))
                .isInstanceOf(OrderFate.Unknown.class);
    }

    @Test
    void whileTheCoordinatorIsNotSeenNoOrderIsGone() {
        assertThat(OrderFate.of(Given.DRAIN, new OrdersView(List.of(), Optional.empty(), Optional.empty())))
                .isInstanceOf(OrderFate.Unknown.class);
    }

    @ParameterizedTest
    @CsvSource({"done, true", "failed, false", "cancelled, false"})
    void anOrderThatIsOverSaysHow(String stage, boolean done) {
        assertThat(OrderFate.of(Given.DRAIN, Given.orders(Given.standing("drain", stage))))
                .isInstanceOfSatisfying(
                        OrderFate.Over.class, over -> assertThat(over.done()).isEqualTo(done));
    }

    @Test
    void anOrderOfWhichAPartStandsIsNotOver() {
        assertThat(OrderFate.of(
                        Given.order("replace"),
                        Given.orders(Given.standing("replace", "done"), Given.standing("replace", "running"))))
                .isInstanceOf(OrderFate.Stands.class);
    }

    @Test
    void howAReplacementEndedIsToldOfTheServerThatTookThePlace() {
        assertThat(OrderFate.of(Given.order("replace"), Given.orders(Given.standing("replace", "done"))))
                .isEqualTo(new OrderFate.Gone(Given.NODE));
    }

    @ParameterizedTest
    @CsvSource({
        "drain,     remove,    done,      true",
        "drain,     drain,     cancelled, false",
        "replace,   rebuild-shards, done, true",
        "replace,   replace,   cancelled, false",
        "remove,    remove,    done,      true",
        "activate,  activate,  done,      true",
        "follow,    follow,    done,      true",
        "follow,    follow,    cancelled, false",
        "rebalance, rebalance, finished,  true",
        "rebalance, rebalance, stopped,   false",
        "rebalance, rebalance, gone,      false"
    })
    void howAnOrderEndedThatStandsNoMoreIsInTheJournal(String kind, String action, String outcome, boolean done) {
        OrderFate.Over over = OrderFate.ofGone(
                Given.order(kind),
                Given.journal(
                        Given.entry("add", "done"),
                        Given.entry(action, outcome),
                        Given.entry(action, "refused"),
                        Given.entry(kind, "ordered")));

        assertThat(over).isEqualTo(new OrderFate.Over(done, "The " + action + " is " + outcome));
    }

    @Test
    void aDrainThatBeganIsNotCarriedOut() {
        OrderFate.Over over = OrderFate.ofGone(
                Given.DRAIN, Given.journal(Given.entry("drain", "done"), Given.entry("drain", "ordered")));

        assertThat(over.done()).isFalse();
        assertThat(over.sentence()).contains("roster status");
    }
}
