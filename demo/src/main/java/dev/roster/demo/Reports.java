package dev.roster.demo;

/** Prints what Roster tells. */
@FunctionalInterface
interface Reports {

    /**
     * Prints the answer to one of Roster's commands.
     *
     * @param command {@code status}, {@code plan} or {@code journal}
     */
    void print(String command);
}
