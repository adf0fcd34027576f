package dev.roster.discovery.dns;

import java.net.InetAddress;
import java.util.List;

/** What came back from one server for one question. */
sealed interface Response {

    /**
     * A DNS message.
     *
     * @param code the response code (RFC 1035 section 4.1.1): 0 no error, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
     * @param truncated whether records are missing, although TCP was tried
     * @param records the answer section
     */
    record Message(int code, boolean truncated, List<Entry> records) implements Response {

        public Message {
            records = List.copyOf(records);
        }
    }

    /**
     * Nothing, or nothing that could be read.
     *
     * @param words what was seen, such as {@code no answer within 2 s}
     */
    record None(String words) implements Response {}

    /** A record of the answer section. */
    sealed interface Entry {

        /** Whose record it is, without a trailing dot. */
        String owner();
    }

    /**
     * A or AAAA.
     *
     * @param owner whose
     * @param address the address
     */
    record Address(String owner, InetAddress address) implements Entry {}

    /**
     * CNAME.
     *
     * @param owner the other name
     * @param target the name it stands for, without a trailing dot
     */
    record Alias(String owner, String target) implements Entry {}

    /**
     * SRV.
     *
     * @param owner the service
     * @param target where it is, without a trailing dot; empty if it is decidedly nowhere (RFC 2782, target ".")
     * @param port its port
     */
    record Service(String owner, String target, int port) implements Entry {}
}
