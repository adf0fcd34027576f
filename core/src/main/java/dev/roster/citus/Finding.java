package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal.Situation;

/**
 * What an error means.
 *
 * @param situation its name
 * @param seen what was seen, as the end of a sentence
 * @param remedy what a person can do
 * @param state the SQLSTATE that tells most
 */
record Finding(Situation situation, String seen, String remedy, String state) {

    static Finding badAddress(String state, String words, HostPort node) {
        return new Finding(
                Situation.BAD_ADDRESS,
                "Citus refuses the address (" + Blame.causeOrAll(words) + ")",
                "give " + node + " a host name of at most 253 bytes and a port from 1 to 65535",
                state);
    }

    static Finding other(String state, String words) {
        return new Finding(Situation.OTHER, words, "look at the coordinator's log; the next pass tries again", state);
    }
}
