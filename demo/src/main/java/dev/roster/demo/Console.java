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
    private final Reports reports;
    private final String url;
    private final PrintStream out;

    Console(Stage stage, Reports reports, String url, PrintStream out) {
        this.stage = stage;
        this.reports = reports;
        this.url = url;
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
        switch (command) {
            case "" -> {}
            case "stop" -> {
                stage.stop(number(worker));
                out.println("worker " + worker + " is stopped");
            }
            case "start" -> {
                stage.start(number(worker));
                out.println("worker " + worker + " runs");
            }
            case "add" -> out.println(Stage.nameOf(stage.add()) + " runs");
            case "wipe" -> {
                stage.wipe(number(worker));
                out.println("an empty server runs at the address of worker " + worker);
            }
            case "remove" -> {
                stage.remove(number(worker));
                out.println("worker " + worker + " is gone");
            }
            case "help" -> help();
            default -> report(command);
        }
    }

    private void report(String command) {
        if (!REPORTS.contains(command)) {
            throw new IllegalArgumentException("'" + command + "' is no command of the demo; help lists them");
        }
        reports.print(command);
    }

    private int number(String worker) {
        String digits = worker.startsWith("worker-") ? worker.substring("worker-".length()) : worker;
        for (int number : stage.workers()) {
            if (digits.equals(Integer.toString(number))) {
                return number;
            }
        }
        throw new IllegalArgumentException("'" + worker + "' is no worker; name one of "
                + stage.workers().stream().sorted().toList());
    }

    private void help() {
        out.println("""

                Roster serves at %s, so './roster status --server %s' works elsewhere too. Type:
                  status, plan, journal   what Roster sees, would do, and did
                  stop N, start N         stop worker N; start it again with its data
                  add                     start one more worker
                  wipe N                  throw worker N's data away: an empty server at the same address
                  remove N                take worker N away for good
                  help, quit
                """.formatted(url, url));
    }
}
