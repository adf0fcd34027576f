package dev.roster.discovery.dns;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One server during one scan. A server that has been silent to very many questions and has answered none is not asked any
 * more, so that a dead one costs a few timeouts and not one for each name. Safe for use by many threads.
 */
final class Server {

    private final InetSocketAddress address;
    private final int patience;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean answered;
    private volatile String silence = "no answer";

    /**
     * A server nothing is known of yet.
     *
     * @param patience how many questions may stay unanswered before it is given up for this scan
     */
    Server(InetSocketAddress address, int patience) {
        this.address = address;
        this.patience = patience;
    }

    InetSocketAddress address() {
        return address;
    }

    void note(Response response) {
        switch (response) {
            case Response.Message _ -> answered = true;
            case Response.None none -> {
                silence = none.words();
                unanswered.incrementAndGet();
            }
        }
    }

    /** Whether it has answered anything, be it an error. */
    boolean isAlive() {
        return answered;
    }

    boolean isGivenUp() {
        return !answered && unanswered.get() >= patience;
    }

    /** What was seen when it last gave no answer; what is told of questions that it is spared, too. */
    Response.None silence() {
        return new Response.None(silence);
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
