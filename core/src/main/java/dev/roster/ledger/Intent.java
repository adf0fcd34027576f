package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.identity.Identity;
import java.time.Instant;
import java.util.Optional;

/**
 * A person's standing order for one server. Kept by the ledger from the first version on; giving and carrying out orders is
 * the work of the command interface.
 *
 * @param id the ledger's number for it
 * @param kind what is ordered: {@code drain}, {@code remove}, {@code replace}, {@code follow}, {@code activate}, {@code hold}
 * @param address the member's address when the order was given
 * @param identity the server the order is bound to
 * @param argument what the order names beside the member, such as the replacement
 * @param orderedBy who gave it
 * @param orderedAt when
 */
public record Intent(
        long id,
        String kind,
        HostPort address,
        Optional<Identity> identity,
        Optional<String> argument,
        String orderedBy,
        Instant orderedAt) {}
