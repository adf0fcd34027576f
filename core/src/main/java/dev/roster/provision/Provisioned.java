package dev.roster.provision;

import java.time.Instant;

/**
 * What the ledger remembers of a script that was carried out.
 *
 * @param key {@link Target#key}
 * @param system {@link Target#system} at that time
 * @param fingerprint {@link Script#fingerprint}
 * @param at when
 */
public record Provisioned(String key, String system, String fingerprint, Instant at) {

    /** Whether this target has this script already. Another server behind the same row does not have it. */
    public boolean covers(Target target, Script script) {
        return key.equals(target.key()) && system.equals(target.system()) && fingerprint.equals(script.fingerprint());
    }
}
