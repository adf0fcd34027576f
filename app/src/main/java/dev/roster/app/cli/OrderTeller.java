package dev.roster.app.cli;

import dev.roster.app.api.OrdersView;
import dev.roster.app.api.StandingOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Tells how an order goes on, while somebody waits for it. */
interface OrderTeller extends AutoCloseable {

    /** It stands. */
    void stands(StandingOrder order, OrdersView view);

    /** Why it is not known how far it is. */
    void trouble(String sentence);

    /** It is over, or nobody waits any more. */
    void over(boolean done, String sentence);

    /** Takes away what is drawn anew. */
    @Override
    void close();

    /** For people: a line for each change, or on a terminal a few lines drawn anew. */
    final class ForPeople implements OrderTeller {

        private final Board board;
        private final InstantSource clock;
        private String told = "";

        ForPeople(Board board, InstantSource clock) {
            this.board = board;
            this.clock = clock;
        }

        @Override
        public void stands(StandingOrder order, OrdersView view) {
            String line = OrderProgress.line(order, view.moves());
            if (board.isLive()) {
                told = "";
                board.footer(OrderProgress.lines(order, view.moves()));
            } else {
                tell(line, OrderProgress.change(order, line));
            }
        }

        @Override
        public void trouble(String sentence) {
            board.footer(List.of());
            tell(sentence, sentence);
        }

        @Override
        public void over(boolean done, String sentence) {
            board.footer(List.of());
            Table.broken(sentence, Table.WIDTH).forEach(board::line);
        }

        @Override
        public void close() {
            board.close();
        }

        private void tell(String line, String change) {
            if (!change.equals(told)) {
                told = change;
                board.line(clock.instant().truncatedTo(ChronoUnit.SECONDS) + "  " + line);
            }
        }
    }

    /**
     * What {@code --wait --json} prints in one line.
     *
     * @param order how far it is
     * @param trouble why that is not known
     * @param done in the last line: whether it was carried out
     * @param sentence in the last line: how it ended
     */
    @RegisterForReflection
    record WaitLine(
            Optional<StandingOrder> order,
            Optional<String> trouble,
            Optional<Boolean> done,
            Optional<String> sentence) {}

    /** For programs: a line of JSON for each change, and one for the end. */
    final class AsJson implements OrderTeller {

        private final PrintWriter out;
        private String told = "";

        AsJson(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void stands(StandingOrder order, OrdersView view) {
            print(Json.text(new WaitLine(Optional.of(order), Optional.empty(), Optional.empty(), Optional.empty())));
        }

        @Override
        public void trouble(String sentence) {
            print(Json.text(new WaitLine(Optional.empty(), Optional.of(sentence), Optional.empty(), Optional.empty())));
        }

        @Override
        public void over(boolean done, String sentence) {
            print(Json.text(
                    new WaitLine(Optional.empty(), Optional.empty(), Optional.of(done), Optional.of(sentence))));
        }

        @Override
        public void close() {
            out.flush();
        }

        private void print(String line) {
            if (!line.equals(told)) {
                told = line;
                out.println(line);
                out.flush();
            }
        }
    }
}
