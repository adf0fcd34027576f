package dev.roster.preflight;

import java.util.Locale;

/**
 * Something of which a person should know.
 *
 * @param severity how bad it is
 * @param subject which server, node, or thing
 * @param sentence what is so
 * @param breaks what does not work because of it
 * @param remedy what to do; a line to paste wherever there is one
 */
public record Finding(Severity severity, String subject, String sentence, String breaks, String remedy) {

    /** How bad it is. */
    public enum Severity {
        /** Something does not work now. */
        ERROR,
        /** Something will not work when it is needed. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        /** As people read it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
