package dev.roster.app.stream;

/** How far a client has come. Its position is all that is kept for a client, so a slow one costs no more than a fast one. */
sealed interface Position {

    /** The beginning. */
    Position START = new FullSet(0, 0);

    /**
     * It has everything up to this number.
     *
     * @param number the number
     */
    record UpTo(long number) implements Position {}

    /**
     * It is being sent everything.
     *
     * @param sent how many of the views it was sent
     * @param head the number up to which it has everything at the end of it; meaningless while nothing was sent
     */
    record FullSet(int sent, long head) implements Position {}
}
