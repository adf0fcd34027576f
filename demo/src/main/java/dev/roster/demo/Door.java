package dev.roster.demo;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How a person gets in.
 *
 * @param url where Roster serves
 * @param token the token that orders need; made anew for each demo
 */
record Door(String url, String token) {

    private static final int BYTES = 16;

    /** A door with a new token. */
    static Door on(int port) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return new Door("http://127.0.0.1:" + port, HexFormat.of().formatHex(random));
    }

    /** The dashboard. What stands behind # is sent to no server, so the token is in no log. */
    String dashboard() {
        return url + "/#token=" + token;
    }

    /** The buttons. */
    String buttons() {
        return url + "/demo/#token=" + token;
    }

    @Override
    public String toString() {
        return url;
    }
}
