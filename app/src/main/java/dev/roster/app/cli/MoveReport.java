package dev.roster.app.cli;

import dev.roster.app.api.DrainPreviewView;
import dev.roster.app.api.RebalanceView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Prints how far shards on their way are, in {@value Table#WIDTH} columns. */
final class MoveReport {

    private static final int BAR = 30;

    private final PrintWriter out;
    private final boolean colour;

    MoveReport(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** What moves, and what would be worth moving. */
    void progress(RebalanceView view) {
        if (!view.state().equals("idle")) {
            job(view);
        }
        view.hint().ifPresent(hint -> out.print(new Table("Hint", hint)));
    }

    private void job(RebalanceView view) {
        Table table = new Table(
                "Shards",
                view.kind().orElse("job") + ", " + view.state()
                        + view.job().map(job -> ", job " + job).orElse("")
                        + view.by().map(by -> ", by " + by).orElse(""));
        if (view.moves().total() > 0) {
            table.row("Moves", bar(view) + " " + count(view));
        }
        bytes(view).ifPresent(bytes -> table.row("Bytes", bytes));
        view.current().forEach(move -> table.row("Now", move(move)));
        view.stall()
                .ifPresent(stall -> table.row("Waits", stall.sentence())
                        .tone(0, Tone.WAITING)
                        .row("To do", stall.remedy()));
        out.print(table.text(colour));
    }

    /** What a rebalance would move. */
    void preview(RebalanceView view) {
        if (view.preview().isEmpty()) {
            out.println("Nothing to move: Citus finds the shards balanced.");
            return;
        }
        Table table = new Table("TABLE", "SHARD", "FROM", "TO", "BYTES");
        long total = 0;
        for (RebalanceView.Planned move : view.preview()) {
            total += move.bytes();
            table.row(move.table(), Long.toString(move.shard()), move.source(), move.target(), bytes(move.bytes()));
        }
        out.print(table);
        out.println();
        out.println(view.preview().size() + " shards would move, " + bytes(total) + ".");
    }

    /** What a drain would move, or why it would be refused. */
    void preview(DrainPreviewView view) {
        Table.broken(view.sentence(), Table.WIDTH).forEach(out::println);
        view.remedy()
                .ifPresent(
                        remedy -> Table.broken("To do: " + remedy, Table.WIDTH).forEach(out::println));
        if (view.targets().isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("TO", "SHARDS", "BYTES");
        view.targets()
                .forEach(target ->
                        table.row(target.node(), Integer.toString(target.shards()), bytesIfKnown(target.bytes())));
        if (view.targets().size() > 1) {
            table.row("all", Integer.toString(view.shards()), bytesIfKnown(view.bytes()));
        }
        out.print(table);
        if (!view.alsoFrom().isEmpty()) {
            Table.broken(
                            "Citus would also empty " + String.join(", ", view.alsoFrom())
                                    + ", which is to have no shards either.",
                            Table.WIDTH)
                    .forEach(out::println);
        }
    }

    private static String bytesIfKnown(OptionalLong bytes) {
        return bytes.isPresent() ? bytes(bytes.getAsLong()) : "unknown";
    }

    /** The moves that are done, counted. */
    static String count(RebalanceView view) {
        return view.moves().done() + " of " + view.moves().total() + " done";
    }

    /** The bytes that are done, how fast it is, and how long it will take; empty while the sizes are unknown. */
    static Optional<String> bytes(RebalanceView view) {
        return view.bytes()
                .filter(bytes -> bytes.total() > 0)
                .map(bytes -> bytes(bytes.moved()) + " of " + bytes(bytes.total()) + pace(view));
    }

    /** A move that is being made. */
    static String move(RebalanceView.Current move) {
        return move.table() + " " + move.shard() + ": " + move.source() + " -> " + move.target() + ", "
                + bytes(move.bytesDone()) + " of " + bytes(move.bytes())
                + move.phase().map(phase -> ", " + phase).orElse("");
    }

    private static String pace(RebalanceView view) {
        return (view.bytesPerSecond().isPresent()
                        ? ", " + bytes(view.bytesPerSecond().getAsLong()) + "/s"
                        : "")
                + (view.etaSeconds().isPresent()
                        ? ", about " + left(Duration.ofSeconds(view.etaSeconds().getAsLong())) + " left"
                        : "");
    }

    /** A bar by the bytes, or by the moves while the sizes are unknown. */
    static String bar(RebalanceView view) {
        double share = view.bytes()
                .filter(bytes -> bytes.total() > 0)
                .map(bytes -> (double) bytes.moved() / bytes.total())
                .orElse((double) view.moves().done() / view.moves().total());
        int full = (int) Math.min(BAR, Math.round(share * BAR));
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private static String left(Duration duration) {
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }

    private static String bytes(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        int unit = 0;
        long number = bytes;
        while (number >= 10 * 1024 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + " " + units[unit];
    }
}
