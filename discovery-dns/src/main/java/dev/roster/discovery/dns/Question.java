package dev.roster.discovery.dns;

/**
 * What is asked of a server.
 *
 * @param name the complete name, without a trailing dot
 * @param type the type of records
 */
record Question(String name, Type type) {

    /** The record types that matter here. */
    enum Type {
        /** IPv4 addresses (RFC 1035). */
        A,
        /** IPv6 addresses (RFC 3596). */
        AAAA,
        /** Targets and ports of a service (RFC 2782). */
        SRV
    }
}
