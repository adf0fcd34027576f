package dev.roster.app.cli;

import dev.roster.app.api.RebalanceView;
import dev.roster.app.api.StandingOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far an order is, in the words of the service. Pure. */
final class OrderProgress {

    private OrderProgress() {}

    /** In one line. */
    static String line(StandingOrder order, Optional<RebalanceView> moves) {
        return order.sentence()
                .or(() -> order.note().map(note -> what(order) + ": " + note))
                .orElseGet(() -> what(order) + ": "
                        + ofItsJob(order, moves)
                                .map(OrderProgress::counted)
                                .orElse(order.stage().equals("ordered") ? "waits for its turn" : "its job has ended"));
    }

    /** In a few lines with a bar, for a terminal. */
    static List<String> lines(StandingOrder order, Optional<RebalanceView> moves) {
        Optional<RebalanceView> job =
                ofItsJob(order, moves).filter(view -> view.moves().total() > 0);
        if (job.isEmpty()) {
            return Table.broken(line(order, moves), Table.WIDTH - 1);
        }
        RebalanceView view = job.get();
        List<String> lines = new ArrayList<>();
        lines.add(what(order) + "  " + MoveReport.bar(view) + " " + MoveReport.count(view));
        MoveReport.bytes(view).ifPresent(lines::add);
        view.current().forEach(move -> lines.add(MoveReport.move(move)));
        view.stall().ifPresent(stall -> {
            lines.addAll(Table.broken("Waits: " + stall.sentence(), Table.WIDTH - 1));
            lines.addAll(Table.broken("To do: " + stall.remedy(), Table.WIDTH - 1));
        });
        return lines;
    }

    /**
     * What a line is worth being told anew for: not each byte, but each move, and whatever is said in other words.
     *
     * @param order how far it is
     * @param line the line
     */
    static String change(StandingOrder order, String line) {
        return order.stage()
                + order.done()
                + order.total()
                + line.replaceAll("\\d+", "#").replaceAll("[kMGT]B", "B");
    }

    private static Optional<RebalanceView> ofItsJob(StandingOrder order, Optional<RebalanceView> moves) {
        return moves.filter(view -> order.job().isPresent() && view.job().equals(order.job()));
    }

    private static String counted(RebalanceView view) {
        return MoveReport.count(view)
                + MoveReport.bytes(view).map(bytes -> "; " + bytes).orElse("")
                + view.stall()
                        .map(stall -> "; waits: " + stall.sentence() + ": " + stall.remedy())
                        .orElse("");
    }

    private static String what(StandingOrder order) {
        String kind = order.kind().substring(0, 1).toUpperCase(Locale.ROOT)
                + order.kind().substring(1);
        return order.kind().equals("rebalance") ? kind : kind + " of " + order.node();
    }
}
