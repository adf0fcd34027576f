package dev.roster.provision;

/**
 * What became of one script on one target.
 *
 * @param target whose database
 * @param script what was tried
 * @param result what became of it
 */
public record Attempt(Target target, Script script, Result result) {

    /** What became of it. */
    public sealed interface Result {

        /** Carried out, committed, and written in the ledger; or found there already. */
        record Done() implements Result {}

        /**
         * Nothing was done, since what was planned for is no longer so: the next pass looks again.
         *
         * @param sentence what had changed
         */
        record Outdated(String sentence) implements Result {}

        /**
         * Refused; nothing of it remains in that database.
         *
         * @param fault why
         */
        record Failed(Fault fault) implements Result {}
    }

    /**
     * Why a script failed.
     *
     * @param statement which statement of the file, from 1; 0 if none was reached
     * @param line the line of the file on which it begins; 0 if none was reached
     * @param sqlState the SQLSTATE; empty if none was told
     * @param message the server's words
     * @param remedy what a person can do
     */
    public record Fault(int statement, int line, String sqlState, String message, String remedy) {

        /** The same in words that follow a colon, without the remedy. */
        public String sentence() {
            String what = sqlState.isEmpty() ? message : sqlState + ": " + message;
            return statement == 0 ? what : "statement " + statement + ", line " + line + ": " + what;
        }
    }
}
