package dev.roster.discovery.dns;

import java.time.Duration;

/** Words for what went wrong. */
final class Failures {

    private Failures() {}

    /** The innermost cause that has a message, since the outer ones only repeat the question. */
    static String words(Throwable failure) {
        String words = failure.getClass().getSimpleName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        return words;
    }

    /** A duration as people write it. */
    static String words(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    /** A response code's name (RFC 1035 section 4.1.1, RFC 2136 section 2.2). */
    static String ofCode(int code) {
        return switch (code) {
            case 1 -> "FORMERR";
            case 2 -> "SERVFAIL";
            case 4 -> "NOTIMP";
            case 5 -> "REFUSED";
            case 9 -> "NOTAUTH";
            default -> "the response code " + code;
        };
    }
}
