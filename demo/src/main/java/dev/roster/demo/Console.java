package dev.roster.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;

/** Carries out what a person types, line by line, while Roster's own log tells how it answers. */
final class Console {

    private static final Set<String> REPORTS = Set.of("status", "plan", "journal");

    private final Stage stage;
    private final Hands hands;
    private final Reports reports;
    private final Door door;
    private final PrintStream out;

    Console(Stage stage, Hands hands, Reports reports, Door door, PrintStream out) {
        this.stage = stage;
        this.hands = hands;
        this.reports = reports;
        this.door = door;
        this.out = out;
    }

    /** Reads commands until {@code quit} or the end of the input. */
    void converse(BufferedReader keys) throws IOException {
        help();
        for (String line = keys.readLine(); line != null; line = keys.readLine()) {
            String[] words = line.strip().toLowerCase(Locale.ROOT).split("\\s+", 2);
            if (words[0].equals("quit") || words[0].equals("q")) {
                return;
            }
            try {
                carryOut(words[0], words.length > 1 ? words[1] : "");
            } catch (IllegalArgumentException e) {
                out.println(e.getMessage());
            }
        }
    }

    private void carryOut(String command, String worker) {
        if (command.isEmpty()) {
            return;
        }
        if (command.equals("add") || Hands.DEEDS.contains(command)) {
            stage.handOver();
            out.println(hands.carryOut(command, worker));
        } else if (REPORTS.contains(command)) {
            reports.print(command);
        } else if (command.equals("help")) {
            help();
        } else {
            throw new IllegalArgumentException("'" + command + "' is no command of the demo; help lists them");
        }
    }

    private void help() {
        out.println("""

                Roster serves at %s, so './roster status --server %s' works elsewhere too. Type:
                  status, plan, journal   what Roster sees, would do, and did
                  stop N, start N         stop worker N; start it again with its data
                  add                     start one more worker
                  drain N, cancel N       order Roster to move all shards away from worker N; take the order back
                  remove N                take worker N away; start N finds it again, with its data
                  wipe N                  throw worker N's data away: an empty server at the same address
                  help, quit
                """.formatted(door, door));
    }
}
