package dev.roster.discovery.dns;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Sends one question to one server. Safe for use by any number of threads at once. */
interface Transport extends AutoCloseable {

    /**
     * Asks, over TCP if the answer does not fit a packet, and waits for the answer no longer than twice the timeout.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Response ask(InetSocketAddress server, Question question) throws InterruptedException;

    /** Ends its threads and closes its sockets, within a second. */
    @Override
    void close();

    /** Makes a transport. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes one.
         *
         * @param timeout how long one try may take
         */
        Transport make(Duration timeout);
    }
}
