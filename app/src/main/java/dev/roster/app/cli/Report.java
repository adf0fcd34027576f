package dev.roster.app.cli;

import dev.roster.app.api.CheckView;
import dev.roster.app.api.JournalView;
import dev.roster.app.api.NodesView;
import dev.roster.app.api.OrdersView;
import dev.roster.app.api.PlanView;
import dev.roster.app.api.SituationView;
import dev.roster.app.api.SourceView;
import dev.roster.app.api.StandingOrder;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WithheldView;
import dev.roster.app.api.WorkersView;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;

/** Prints the API's records for people, in {@value Table#WIDTH} columns. */
final class Report {

    private final PrintWriter out;
    private final boolean colour;

    /** In one colour. */
    Report(PrintWriter out) {
        this(out, false);
    }

    private Report(PrintWriter out, boolean colour) {
        this.out = out;
        this.colour = colour;
    }

    /** Where this command prints, and as colourful as it may. */
    static Report of(CommandLine line) {
        return new Report(line.getOut(), line.getColorScheme().ansi().enabled());
    }

    void status(StatusView status) {
        Table table = new Table("Roster", status.version() + ", mode " + status.mode())
                .row("Leader", leadership(status.leadership()))
                .row("Coordinator", coordinator(status.coordinator()));
        for (SourceView source : status.sources()) {
            table.row("Source", source(source));
        }
        table.row(
                "Last pass",
                status.lastPass().map(StatusView.LastPass::sentence).orElse("the first has not ended yet"));
        status.provisioning().ifPresent(provisioning -> table.row("Provisioning", provisioning.sentence()));
        for (String alarm : status.alarms()) {
            table.row("Alarm", alarm).tone(0, Tone.ALARM);
        }
        out.print(table.text(colour));
        orders(status.orders());
        status.moves().ifPresent(moves -> {
            out.println();
            new MoveReport(out, colour).progress(moves);
        });
        withheld(status.withheld());
    }

    private void orders(List<StandingOrder> orders) {
        if (!orders.isEmpty()) {
            Table table = new Table("ORDER", "NODE", "STAGE", "BY");
            for (StandingOrder order : orders) {
                table.row(
                        order.kind(),
                        order.node(),
                        order.stage(),
                        moves(order) + order.by() + ", since "
                                + order.since().toString().substring(0, 19) + "Z");
            }
            out.println();
            out.print(table.text(colour));
        }
    }

    /** Every order with how far it is, and the shards on their way. */
    void orders(OrdersView view) {
        if (view.orders().isEmpty()) {
            out.println("No order stands.");
        } else {
            Table table = new Table("ORDER", "NODE", "STAGE", "SO FAR");
            for (StandingOrder order : view.orders()) {
                table.row(order.kind(), order.node(), order.stage(), soFar(order))
                        .tone(2, order.stage().equals("failed") ? Tone.ALARM : Tone.PLAIN);
            }
            out.print(table.text(colour));
        }
        view.moves().ifPresent(moves -> {
            out.println();
            new MoveReport(out, colour).progress(moves);
        });
    }

    private static String soFar(StandingOrder order) {
        return order.sentence()
                .or(() -> order.note().map(note -> note + "; by " + order.by()))
                .orElseGet(() -> moves(order) + "ordered by " + order.by() + ", "
                        + order.since().toString().substring(0, 19) + "Z");
    }

    private static String moves(StandingOrder order) {
        return order.total()
                .map(total -> order.done().orElse(0L) + " of " + total + " moves done; ")
                .orElse("");
    }

    /**
     * Every node, and every worker that is none. The two answers may be of two passes, with a join or a removal between
     * them, and yet everybody is told once.
     */
    void members(WorkersView workers, NodesView nodes) {
        Table table = new Table("NAME", "NODE", "STATE", "WHY");
        Set<Integer> rows = new HashSet<>();
        Set<String> registered = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (NodesView.Node node : nodes.nodes()) {
            rows.add(node.nodeid());
            registered.add(node.address());
            table.row(node.name(), "group " + node.groupid(), state(node.situation()), node.sentence())
                    .tone(2, tone(node.situation()));
        }
        for (WorkersView.Worker worker : workers.workers()) {
            boolean told = registered.contains(worker.address())
                    || worker.node().stream().anyMatch(rows::contains);
            if (!told) {
                table.row(worker.name(), "-", state(worker.situation()), worker.sentence())
                        .tone(2, tone(worker.situation()));
            }
        }
        for (WorkersView.SetAside aside : workers.setAside()) {
            table.row(aside.name(), "-", "set-aside", aside.sentence()).tone(2, Tone.WAITING);
        }
        if (!table.isEmpty()) {
            out.println();
            out.print(table.text(colour));
        }
    }

    void plan(PlanView plan) {
        out.print(new Table("Mode", plan.mode())
                .row("Acts", plan.leading() ? "this Roster" : "another Roster, or nobody")
                .row("Last pass", plan.sentence()));
        actions(plan.actions());
        withheld(plan.withheld());
        for (String alarm : plan.alarms()) {
            out.println();
            out.print(new Table("Alarm", alarm).tone(0, Tone.ALARM).text(colour));
        }
    }

    /** What is or was to be done, and what became of it. */
    void actions(List<PlanView.PlannedAction> actions) {
        Table table = new Table("ACTION", "NODE", "OUTCOME", "WHY");
        for (PlanView.PlannedAction action : actions) {
            table.row(
                    action.kind(),
                    action.address(),
                    action.outcome().orElse("not tried"),
                    action.sentence().orElse(action.reason()));
        }
        if (!table.isEmpty()) {
            out.println();
            out.print(table.text(colour));
        }
    }

    /** What was found, each with what it breaks and what to do. */
    void findings(CheckView view) {
        Table table = new Table("SEVERITY", "WHERE", "WHAT");
        for (CheckView.Found found : view.findings()) {
            table.row(found.severity(), found.subject(), found.sentence()).tone(0, Tone.ofSeverity(found.severity()));
            table.row("", "", "breaks: " + found.breaks());
            table.row("", "", "to do: " + found.remedy());
        }
        if (table.isEmpty()) {
            out.println("Nothing is wrong: every node reaches every other, and has what Citus needs.");
        } else {
            out.print(table.text(colour));
        }
    }

    void sentence(String sentence) {
        out.println();
        Table.broken(sentence, Table.WIDTH).forEach(out::println);
    }

    /**
     * What was changed and refused, the latest last.
     *
     * @param mayBeMore whether there may be older entries that were not asked for
     */
    void journal(JournalView journal, boolean mayBeMore) {
        Table table = new Table("WHEN", "WHO", "ACTION", "WHAT").atMost(1, 16).atMost(2, 14);
        for (JournalView.Entry entry : journal.entries().reversed()) {
            table.row(
                            entry.at().toString().substring(0, 19) + "Z",
                            entry.actor(),
                            entry.outcome().equals("done") ? entry.action() : entry.action() + " " + entry.outcome(),
                            entry.sentence())
                    .tone(2, entry.outcome().equals("refused") ? Tone.ALARM : Tone.PLAIN);
        }
        if (table.isEmpty()) {
            out.println("The journal has no such entry.");
        } else {
            out.print(table.text(colour));
        }
        if (mayBeMore) {
            sentence("The latest " + journal.entries().size() + "; --limit shows more, --since and --node choose.");
        }
    }

    private void withheld(List<WithheldView> withheld) {
        if (!withheld.isEmpty()) {
            Table table = new Table("WITHHELD", "NODE", "WHY");
            for (WithheldView action : withheld) {
                table.row(action.action(), action.address(), action.reason());
            }
            out.println();
            out.print(table.text(colour));
        }
    }

    private static String leadership(StatusView.Leadership leadership) {
        return leadership.leading()
                ? "this Roster"
                : leadership.holder().map(holder -> "another: " + holder).orElse("nobody yet");
    }

    private static String coordinator(StatusView.Coordinator coordinator) {
        if (!coordinator.reached()) {
            return coordinator.configured() + ": "
                    + coordinator.trouble().map(StatusView.Trouble::sentence).orElse("not reached yet");
        }
        return coordinator.configured() + ", Citus "
                + coordinator.citusVersion().orElse("?")
                + coordinator
                        .registered()
                        .map(address -> ", registered as " + address)
                        .orElse("");
    }

    private static String source(SourceView source) {
        if (source.stale()) {
            return source.source() + ": connected, but has not seen everything since "
                    + source.lastFullLook().map(Instant::toString).orElse("it began")
                    + source.error().map(why -> " (" + why + ")").orElse("");
        }
        return source.source() + ": "
                + (source.connected() ? "connected" : source.error().orElse("not connected yet"));
    }

    private static Tone tone(Optional<SituationView> situation) {
        return situation.map(SituationView::weight).map(Tone::ofWeight).orElse(Tone.PLAIN);
    }

    private static String state(Optional<SituationView> situation) {
        return situation.map(SituationView::name).orElse("-");
    }
}
