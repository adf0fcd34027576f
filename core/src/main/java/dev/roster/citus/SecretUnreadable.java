package dev.roster.citus;

import java.sql.SQLException;

/** The password could not be had, so nobody was asked. The message is one sentence that names the place and the reason. */
public final class SecretUnreadable extends SQLException {

    private static final long serialVersionUID = 1L;

    /** PostgreSQL's class for configuration files (appendix A), so that it is told apart from a refused password. */
    private static final String STATE = "F0000";

    /**
     * @param cause what reading it threw, with a sentence that says which file and why not
     */
    public SecretUnreadable(Throwable cause) {
        super(String.valueOf(cause.getMessage()), STATE, cause);
    }
}
