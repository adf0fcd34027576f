package dev.roster.app.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a request matters for whether it may be answered.
 *
 * @param method the HTTP method, upper case
 * @param path the path, normalized
 * @param fromThisMachine whether its sender's address is a loopback address
 * @param headers its headers, the names in lower case
 */
record Asked(String method, String path, boolean fromThisMachine, Map<String, List<String>> headers) {

    Asked {
        headers = Map.copyOf(headers);
    }

    /** Whether it changes nothing. */
    boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Whether it asks for health or metrics, which are for machines that know no token. */
    boolean isForProbes() {
        return path.startsWith("/q/");
    }

    /** Whether it asks for the page's own files, which hold nothing of the cluster: the page then asks for a token. */
    boolean isForPage() {
        return path.equals("/")
                || path.equals("/index.html")
                || path.startsWith("/dashboard/")
                || path.startsWith("/_static/");
    }

    /** A header's one value; empty if it is missing or there are several. */
    Optional<String> only(String header) {
        List<String> values = headers.getOrDefault(header, List.of());
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** What was sent as a bearer token (RFC 6750, section 2.1). */
    Optional<String> bearer() {
        return only("authorization")
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip());
    }
}
