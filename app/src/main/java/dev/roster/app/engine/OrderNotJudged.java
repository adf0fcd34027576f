package dev.roster.app.engine;

/** No pass judged an order; the message says why and what is so now. */
public final class OrderNotJudged extends Exception {

    private static final long serialVersionUID = 1L;

    OrderNotJudged(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
