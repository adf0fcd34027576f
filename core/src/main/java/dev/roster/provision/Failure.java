package dev.roster.provision;

import java.time.Instant;

/**
 * That a script failed on a target, once or several times in a row.
 *
 * @param last the last attempt's target and script
 * @param fault why it failed the last time
 * @param times how often in a row
 * @param until when it is tried again
 */
public record Failure(Attempt last, Attempt.Fault fault, int times, Instant until) {

    /** Whether it is about this script on this server. */
    boolean concerns(Target target, Script script) {
        return last.target().key().equals(target.key())
                && last.target().system().equals(target.system())
                && last.script().equals(script);
    }
}
