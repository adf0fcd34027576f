package dev.roster.app.access;

import java.util.Locale;
import java.util.regex.Pattern;

/** What can only mean this machine, as it is written: no name is resolved, since whoever serves the name chooses the answer. */
public final class Loopback {

    private static final Pattern IPV4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

    private Loopback() {}

    /** Whether it is {@code localhost} (RFC 6761, section 6.3) or a loopback address without a port. */
    public static boolean isHost(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        return plain.equals("localhost")
                || IPV4.matcher(plain).matches()
                || plain.equals("::1")
                || plain.equals("0:0:0:0:0:0:0:1");
    }

    /** Whether a {@code Host} header names this machine. */
    static boolean isHostHeader(String header) {
        String host = PORT.matcher(header).replaceFirst("");
        if (host.startsWith("[") && host.endsWith("]")) {
            return isHost(host.substring(1, host.length() - 1));
        }
        return host.indexOf(':') < 0 && isHost(host);
    }
}
