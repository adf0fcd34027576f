package dev.roster.demo;

import dev.roster.app.engine.OrderNotJudged;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.Intent;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import java.util.List;

/** Does to a worker what a person asks for, in the terminal or by a button. Thread-safe: the stage changes one thing at a time. */
final class Hands {

    /** What can be done to a worker. */
    static final List<String> DEEDS = List.of("stop", "start", "wipe", "remove", "drain", "cancel");

    private final Stage stage;
    private final RosterEngine engine;

    Hands(Stage stage, RosterEngine engine) {
        this.stage = stage;
        this.engine = engine;
    }

    /**
     * Does it.
     *
     * @param deed one of {@link #DEEDS}, or {@code add}
     * @param worker its number or its name; without meaning for {@code add}
     * @return what was done
     * @throws IllegalArgumentException if there is no such worker or deed, with the choices
     */
    String carryOut(String deed, String worker) {
        if (deed.equals("add")) {
            return Stage.nameOf(stage.add()) + " runs";
        }
        if (!DEEDS.contains(deed)) {
            throw new IllegalArgumentException("'" + deed + "' cannot be done to a worker; accepted: " + DEEDS);
        }
        int number = number(worker);
        return switch (deed) {
            case "stop" -> {
                stage.stop(number);
                yield "worker " + number + " is stopped";
            }
            case "start" -> {
                stage.start(number);
                yield "worker " + number + " runs";
            }
            case "wipe" -> {
                stage.wipe(number);
                yield "an empty server runs at the address of worker " + number;
            }
            case "remove" -> {
                stage.remove(number);
                yield "worker " + number + " is gone; start " + number + " would bring it back with its data";
            }
            case "drain" ->
                order(new Order.Give(Intent.Kind.DRAIN, Stage.nameOf(number), Intent.TransferMode.AUTO, "demo"));
            default -> order(new Order.Cancel(Stage.nameOf(number), "demo"));
        };
    }

    private String order(Order order) {
        try {
            return switch (engine.order(order)) {
                case OrderAnswer.Accepted accepted -> accepted.sentence();
                case OrderAnswer.Standing standing -> standing.sentence();
                case OrderAnswer.Refused refused -> refused.sentence() + ". To do: " + refused.remedy();
            };
        } catch (CoordinatorUnavailable | OrderNotJudged e) {
            return String.valueOf(e.getMessage());
        }
    }

    private int number(String worker) {
        String digits = worker.startsWith("worker-") ? worker.substring("worker-".length()) : worker;
        List<Integer> numbers =
                stage.figures().stream().map(Stage.Figure::number).toList();
        return numbers.stream()
                .filter(number -> digits.equals(Integer.toString(number)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + worker + "' is no worker; name one of " + numbers));
    }
}
