package dev.roster.provision;

/**
 * How far one target is.
 *
 * @param target whose database
 * @param state how far
 * @param sentence what is so, why, and what would change it
 */
public record Standing(Target target, State state, String sentence) {

    /** How far. */
    public enum State {
        /** It has the script. */
        DONE,
        /** It is its turn. */
        DUE,
        /** Something else has to happen first. */
        WAITING,
        /** It failed, and is tried again. */
        FAILED
    }
}
