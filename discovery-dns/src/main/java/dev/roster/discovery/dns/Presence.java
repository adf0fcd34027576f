package dev.roster.discovery.dns;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Whether a name has an address: both families weighed together. */
sealed interface Presence {

    /**
     * It has.
     *
     * @param addresses all that were told, of both families
     * @param complete whether the servers told all of them
     */
    record Present(SortedSet<Finding.IpAddress> addresses, boolean complete) implements Presence {}

    /**
     * Both families are denied.
     *
     * @param passedOver servers that could not tell before others denied it
     */
    record Absent(Set<InetSocketAddress> passedOver) implements Presence {}

    /**
     * No address, and not both families denied.
     *
     * @param words what was seen
     */
    record Unknown(String words) implements Presence {}

    /** Any address makes it present; only two denials make it absent; any other mix is unknown. */
    static Presence of(Answer v4, Answer v6) {
        SortedSet<Finding.IpAddress> addresses = new TreeSet<>();
        addAddresses(v4, addresses);
        addAddresses(v6, addresses);
        if (!addresses.isEmpty()) {
            return new Present(addresses, isWhole(v4) && isWhole(v6));
        }
        if (v4 instanceof Answer.Denied one && v6 instanceof Answer.Denied other) {
            Set<InetSocketAddress> passedOver = new HashSet<>(one.passedOver());
            passedOver.addAll(other.passedOver());
            return new Absent(passedOver);
        }
        return new Unknown(words(v4 instanceof Answer.Unknown ? v4 : v6));
    }

    private static void addAddresses(Answer answer, SortedSet<Finding.IpAddress> addresses) {
        if (answer instanceof Answer.Found found) {
            for (Response.Entry entry : found.records()) {
                if (entry instanceof Response.Address address) {
                    addresses.add(Finding.IpAddress.of(address.address()));
                }
            }
        }
    }

    private static boolean isWhole(Answer answer) {
        return !(answer instanceof Answer.Found found) || found.complete();
    }

    private static String words(Answer answer) {
        return switch (answer) {
            case Answer.Unknown unknown -> unknown.words();
            case Answer.Denied _, Answer.Found _ -> "an answer without an address";
        };
    }
}
