package dev.roster.app.cli;

import dev.roster.app.api.OrderView;
import dev.roster.app.api.Problem;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sends an order and tells the answer. */
final class Ordering {

    private static final int LONGEST_BY = 100;

    private Ordering() {}

    /** Sends it with the name of whoever gives it; returns the exit code. */
    static int send(ServerOptions server, PrintWriter out, String method, String path, Map<String, ?> fields)
            throws CommandFailed {
        return send(server, out, method, path, fields, new WaitOptions());
    }

    /** The same, and stays until it is over if that is wanted. */
    static int send(
            ServerOptions server, PrintWriter out, String method, String path, Map<String, ?> fields, WaitOptions wait)
            throws CommandFailed {
        boolean waits = wait.isWanted();
        ServiceClient client = server.client();
        ServiceClient.Answer answer = answer(client, method, path, fields);
        Optional<Integer> ended = ended(server, client, answer, out);
        if (ended.isPresent()) {
            return ended.get();
        }
        OrderView view = client.read(answer.body(), OrderView.class);
        if (!server.json()) {
            Table.broken(view.sentence(), Table.WIDTH).forEach(out::println);
        }
        out.flush();
        return waits && view.order().isPresent()
                ? wait.untilOver(client, view.order().get(), server.json(), out)
                : ExitCodes.DONE;
    }

    /** Prints an answer as it came if JSON is wanted; the exit code if it is a problem and that has said all. */
    static Optional<Integer> ended(
            ServerOptions server, ServiceClient client, ServiceClient.Answer answer, PrintWriter out)
            throws CommandFailed {
        if (server.json()) {
            out.println(answer.body());
        }
        if (!answer.isProblem()) {
            return Optional.empty();
        }
        Problem problem = client.read(answer.body(), Problem.class);
        if (!server.json()) {
            throw ServiceClient.failed(problem);
        }
        return Optional.of(ServiceClient.exitCode(problem));
    }

    /** Sends it with the name of whoever gives it; the answer as it came. */
    static ServiceClient.Answer answer(ServiceClient client, String method, String path, Map<String, ?> fields)
            throws CommandFailed {
        Map<String, Object> body = new TreeMap<>(fields);
        body.put("by", by());
        return client.send(method, path, Json.text(body));
    }

    /** The user and the machine, as the journal will name them. */
    private static String by() {
        String who = (System.getProperty("user.name") + "@" + hostName()).replaceAll("[^\\x21-\\x7e]", "_");
        return who.length() <= LONGEST_BY ? who : who.substring(0, LONGEST_BY);
    }

    private static String hostName() {
        String set = System.getenv("HOSTNAME");
        try {
            return set == null || set.isBlank() ? InetAddress.getLocalHost().getHostName() : set;
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
