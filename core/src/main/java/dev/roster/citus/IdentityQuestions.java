package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.identity.Identity;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks servers who they are while {@code citus_add_node} brings them the metadata. Citus puts such a question on a connection
 * of its own in any case, never on that of the transaction (ADR 22), so a second session asks it, and the transaction waits for
 * the answer before it may commit.
 *
 * <p>Owns the thread that asks; used by one other thread.
 */
final class IdentityQuestions implements AutoCloseable {

    private final Transactions transactions;
    private final ExecutorService asking = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("identity-question").factory());
    private final Map<HostPort, Future<Optional<Identity>>> asked = new HashMap<>();

    IdentityQuestions(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Asks, and does not wait for the answer. */
    void ask(HostPort server) {
        asked.put(server, asking.submit(() -> transactions.probe(session -> NodeCalls.identityOf(session, server))));
    }

    /** What the server says it is, once it has answered; empty if it was not asked or could not be. */
    Optional<Identity> answer(HostPort server) {
        Future<Optional<Identity>> answer = asked.get(server);
        if (answer == null) {
            return Optional.empty();
        }
        try {
            return answer.get();
        } catch (ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Waits for the question under way, which the probe's limits bound. */
    @Override
    public void close() {
        asking.shutdownNow();
        asking.close();
    }
}
