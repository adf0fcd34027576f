package dev.roster.ledger;

/** How a node became a member. */
public enum Origin {
    /** Roster added it, so Roster may remove it when it is gone and holds nothing. */
    ADDED,
    /** It stood in {@code pg_dist_node} before Roster knew it; only a person removes it. */
    ADOPTED
}
