package dev.roster.discovery.dns;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Asks a question until somebody can tell: every server in order, silent ones again, along a chain of aliases. Netty's own
 * retry is bound to {@code resolveAll()}, which does not show the kinds of answers. Safe for use by many threads; the cap is
 * common to all.
 */
final class Questions {

    /** As long as a chain may be; real ones have two or three links. */
    private static final int MAX_ALIASES = 8;

    private static final int NO_ERROR = 0;
    private static final int NXDOMAIN = 3;

    private final Transport transport;
    private final List<Server> servers;
    private final int tries;
    private final Semaphore cap;

    /**
     * The questions of one scan.
     *
     * @param servers whom to ask, in order; at least one
     * @param tries how often a silent server is asked
     * @param cap how many questions may be under way at once
     */
    Questions(Transport transport, List<Server> servers, int tries, Semaphore cap) {
        this.transport = transport;
        this.servers = List.copyOf(servers);
        this.tries = tries;
        this.cap = cap;
    }

    /** Whether one of these servers has answered anything during this scan. */
    boolean isAnyAlive(Set<InetSocketAddress> addresses) {
        return servers.stream().anyMatch(server -> server.isAlive() && addresses.contains(server.address()));
    }

    /** Asks, and follows aliases to their end. */
    Answer ask(Question question) throws InterruptedException {
        Question current = question;
        for (int links = 0; links <= MAX_ALIASES; links++) {
            Told told = askServers(current);
            if (!(told.answer() instanceof Answer.Found found)) {
                return told.answer();
            }
            String end = endOfChain(current.name(), found.records());
            List<Response.Entry> wanted = found.records().stream()
                    .filter(entry -> entry.owner().equalsIgnoreCase(end) && isWanted(entry, question.type()))
                    .toList();
            if (!wanted.isEmpty()) {
                return new Answer.Found(wanted, found.complete());
            }
            if (end.equalsIgnoreCase(current.name())) {
                return found.complete()
                        ? new Answer.Denied(Answer.Denied.Kind.NO_DATA, told.passedOver())
                        : new Answer.Unknown("an answer cut off before its first record");
            }
            current = new Question(end, question.type());
        }
        return new Answer.Unknown("a chain of aliases (CNAME) without an end");
    }

    /** An answer, and who could not tell before it came. */
    private record Told(Answer answer, Set<InetSocketAddress> passedOver) {}

    private Told askServers(Question question) throws InterruptedException {
        Set<InetSocketAddress> passedOver = new HashSet<>();
        Set<Server> toldNothing = new HashSet<>();
        String seen = "";
        for (int round = 0; round < tries; round++) {
            for (Server server : servers) {
                if (toldNothing.contains(server)) {
                    continue;
                }
                Response response = server.isGivenUp() ? server.silence() : ask(server, question);
                // What it could not tell at its first try it may tell now.
                passedOver.remove(server.address());
                switch (response) {
                    case Response.Message message
                    when message.code() == NO_ERROR -> {
                        return new Told(new Answer.Found(message.records(), !message.truncated()), passedOver);
                    }
                    case Response.Message message
                    when message.code() == NXDOMAIN -> {
                        return new Told(new Answer.Denied(Answer.Denied.Kind.NO_SUCH_NAME, passedOver), passedOver);
                    }
                    case Response.Message message -> {
                        seen = Failures.ofCode(message.code()) + " from " + server;
                        toldNothing.add(server);
                    }
                    case Response.None none -> seen = none.words() + " from " + server;
                }
                passedOver.add(server.address());
            }
        }
        return new Told(new Answer.Unknown(seen), passedOver);
    }

    private Response ask(Server server, Question question) throws InterruptedException {
        cap.acquire();
        try {
            // Many may have waited while the first ones found out that it is dead.
            if (server.isGivenUp()) {
                return server.silence();
            }
            Response response = transport.ask(server.address(), question);
            server.note(response);
            return response;
        } finally {
            cap.release();
        }
    }

    private static String endOfChain(String name, List<Response.Entry> records) {
        String end = name;
        for (int links = 0; links < records.size(); links++) {
            String from = end;
            for (Response.Entry entry : records) {
                if (entry instanceof Response.Alias alias && alias.owner().equalsIgnoreCase(from)) {
                    end = alias.target();
                    break;
                }
            }
            if (end.equalsIgnoreCase(from)) {
                break;
            }
        }
        return end;
    }

    private static boolean isWanted(Response.Entry entry, Question.Type type) {
        return switch (entry) {
            case Response.Address address -> type == familyOf(address);
            case Response.Service _ -> type == Question.Type.SRV;
            case Response.Alias _ -> false;
        };
    }

    private static Question.Type familyOf(Response.Address address) {
        return address.address() instanceof java.net.Inet4Address ? Question.Type.A : Question.Type.AAAA;
    }
}
