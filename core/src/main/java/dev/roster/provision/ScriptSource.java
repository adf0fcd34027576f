package dev.roster.provision;

/** Where the scripts come from. Asked in each pass, so that a changed file is noticed. */
@FunctionalInterface
public interface ScriptSource {

    /** What the files hold now; a file that cannot be read is a trouble in the answer, not an exception. */
    Scripts read();
}
