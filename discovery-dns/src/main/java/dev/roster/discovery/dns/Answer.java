package dev.roster.discovery.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/** What one question came to after every server and every try. The kinds stay apart: only some of them deny a name. */
sealed interface Answer {

    /**
     * There are records of the type asked for.
     *
     * @param records these records
     * @param complete false if the server had more and did not send them
     */
    record Found(List<Response.Entry> records, boolean complete) implements Answer {

        public Found {
            records = List.copyOf(records);
        }
    }

    /**
     * The server denies it.
     *
     * @param kind in which way
     * @param passedOver servers that were asked before and could not tell; if one of them is alive, it may know better
     */
    record Denied(Kind kind, Set<InetSocketAddress> passedOver) implements Answer {

        public Denied {
            passedOver = Set.copyOf(passedOver);
        }

        /** The two ways to deny (RFC 2308). */
        enum Kind {
            /** The name does not exist: NXDOMAIN. */
            NO_SUCH_NAME,
            /** The name exists without records of this type: NODATA. */
            NO_DATA
        }
    }

    /**
     * Nobody could tell: SERVFAIL, REFUSED, a timeout, a chain without end.
     *
     * @param words what was seen, and from whom, such as {@code SERVFAIL from 10.0.0.2:53}
     */
    record Unknown(String words) implements Answer {}
}
