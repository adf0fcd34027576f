package dev.roster.app.access;

/**
 * Why a request is not answered.
 *
 * @param status the HTTP status
 * @param title what kind of refusal
 * @param sentence what is missing or wrong, and what to send
 * @param challenge the value of {@code WWW-Authenticate}; empty if no token would help
 */
record Refusal(int status, String title, String sentence, String challenge) {

    static Refusal unauthorized(String sentence, boolean sent) {
        return new Refusal(
                401,
                "Token needed",
                sentence,
                sent ? "Bearer realm=\"roster\", error=\"invalid_token\"" : "Bearer realm=\"roster\"");
    }

    static Refusal unreadable(String sentence) {
        return new Refusal(400, "Unreadable address", sentence, "");
    }

    static Refusal forbidden(String sentence) {
        return new Refusal(403, "Not from here", sentence, "");
    }

    static Refusal unsupported(String sentence) {
        return new Refusal(415, "Not JSON", sentence, "");
    }

    static Refusal tooLarge(long most) {
        return new Refusal(413, "Too large", "The body is larger than " + most + " bytes; orders are small", "");
    }

    static Refusal unavailable(String sentence) {
        return new Refusal(503, "Token unreadable", sentence, "");
    }
}
