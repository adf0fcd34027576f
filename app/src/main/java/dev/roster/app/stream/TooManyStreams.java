package dev.roster.app.stream;

/** As many clients listen as may at a time. */
final class TooManyStreams extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyStreams() {
        super(LiveFeed.MOST_CLIENTS + " clients listen to the stream already; close some, or ask for /api/v1/status");
    }
}
