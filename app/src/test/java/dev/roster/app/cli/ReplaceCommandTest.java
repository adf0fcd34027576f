package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What somebody at a terminal has to type before rows are given up. */
class ReplaceCommandTest {

    private static final String LOSS = problem("Would lose data", "the rows of 2 shards would be lost: public.orders");
    private static final String ALIVE = problem("Not possible", "The server of worker-2 answers");

    private final List<String> asked = new ArrayList<>();
    private final List<String> prompts = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String unaccepted = LOSS;
    private HttpServer service;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", this::answer);
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void whatIsLostIsToldAndTheNameTypedBeforeTheOrderIsGiven() {
        assertThat(replace(Optional.of("worker-2"), "--accept-data-loss")).isEqualTo(ExitCodes.DONE);

        assertThat(out.toString()).contains("the rows of 2 shards would be lost: public.orders", "takes its place");
        assertThat(prompts).containsExactly("Type worker-2 to accept that: ");
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst()).doesNotContain("acceptDataLoss");
        assertThat(asked.getLast()).contains("\"acceptDataLoss\":true", "\"with\":\"spare\"");
    }

    @Test
    void typedWronglyNothingIsOrdered() {
        assertThat(replace(Optional.of("worker-3"), "--accept-data-loss")).isEqualTo(ExitCodes.NOT_DONE);

        assertThat(err.toString()).contains("That is not worker-2", "nothing was ordered");
        assertThat(asked).singleElement().asString().doesNotContain("acceptDataLoss");
    }

    @Test
    void whereTheLossCannotBeToldNothingIsAskedAndNothingOrdered() {
        unaccepted = ALIVE;

        assertThat(replace(Optional.of("worker-2"), "--accept-data-loss")).isEqualTo(ExitCodes.NOT_DONE);

        assertThat(err.toString()).contains("The server of worker-2 answers", "To do: look");
        assertThat(prompts).isEmpty();
        assertThat(asked).singleElement().asString().doesNotContain("acceptDataLoss");
    }

    @Test
    void withoutAcceptanceTheLossIsToldAndNothingTyped() {
        assertThat(replace(Optional.of("worker-2"))).isEqualTo(ExitCodes.NOT_DONE);

        assertThat(err.toString()).contains("the rows of 2 shards would be lost");
        assertThat(prompts).isEmpty();
        assertThat(asked).singleElement().asString().doesNotContain("acceptDataLoss");
    }

    @Test
    void nothingIsTypedWithoutATerminalOrWithYes() {
        assertThat(replace(Optional.empty(), "--accept-data-loss")).isEqualTo(ExitCodes.DONE);
        assertThat(replace(Optional.of("no"), "--accept-data-loss", "--yes")).isEqualTo(ExitCodes.DONE);

        assertThat(prompts).isEmpty();
        assertThat(asked).hasSize(2).allSatisfy(body -> assertThat(body).contains("\"acceptDataLoss\":true"));
    }

    private int replace(Optional<String> typed, String... more) {
        List<String> words = new ArrayList<>(List.of("worker-2", "--with", "spare", "--token", "t"));
        words.add("--server");
        words.add("http://127.0.0.1:" + service.getAddress().getPort());
        words.addAll(List.of(more));
        ReplaceCommand command = new ReplaceCommand(typed.map(text -> prompt -> {
            prompts.add(prompt);
            return text;
        }));
        return new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler(RosterCommand::failed)
                .execute(words.toArray(String[]::new));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(body);
        boolean accepts = body.contains("acceptDataLoss");
        byte[] answer = (accepts ? "{\"answer\":\"accepted\",\"sentence\":\"spare takes its place\"}" : unaccepted)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", accepts ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(accepts ? 200 : 409, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String problem(String title, String detail) {
        return "{\"title\":\"%s\",\"status\":409,\"detail\":\"%s\",\"remedy\":\"look\"}".formatted(title, detail);
    }
}
