package dev.roster.testkit.docker;

/**
 * What all servers of a project share, as in the official compose file.
 *
 * @param user {@code POSTGRES_USER}
 * @param password {@code POSTGRES_PASSWORD}
 * @param database {@code POSTGRES_DB}
 */
public record Credentials(String user, String password, String database) {

    /** The usual ones. */
    public static final Credentials USUAL = new Credentials("postgres", "s3cret-of-the-tests", "postgres");

    /** The same with another password. */
    public Credentials withPassword(String other) {
        return new Credentials(user, other, database);
    }

    /** The same with another database. */
    public Credentials withDatabase(String other) {
        return new Credentials(user, password, other);
    }

    @Override
    public String toString() {
        return user + " in " + database;
    }
}
