package dev.roster.app.access;

import dev.roster.app.settings.ApiAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides who may read and who may order. With a token, whoever sends it. Without one, orders are taken only from this machine,
 * and in a form that no web page and no proxy can give a request: a page open in a browser on this machine is not its user.
 */
final class AccessRules {

    private static final String HOW_TO_SEND = "send the header 'Authorization: Bearer <token>' with the token of ";
    private static final String SET_A_TOKEN =
            "set ROSTER_API_TOKEN or ROSTER_API_TOKEN_FILE and send the token as 'Authorization: Bearer <token>'";
    private static final Set<String> PROXY_OR_PAGE = Set.of("origin", "forwarded", "via");
    private static final Set<String> PROXY_OR_PAGE_FAMILIES = Set.of("x-forwarded-", "sec-fetch-");

    private final ApiAccess access;
    private final LocalProof local;

    /**
     * @param access what was set
     * @param local what the commands prove themselves with where HTTP listens beyond loopback
     */
    AccessRules(ApiAccess access, LocalProof local) {
        this.access = access;
        this.local = local;
    }

    /** What a sender on this machine has to prove. */
    sealed interface LocalProof {

        /** Nothing: HTTP listens on loopback only. */
        record NotNeeded() implements LocalProof {}

        /**
         * The start-up token.
         *
         * @param file where it is
         * @param token the token
         */
        record Token(LocalTokenFile file, String token) implements LocalProof {
            @Override
            public String toString() {
                return "the start-up token in " + file.path();
            }
        }

        /**
         * The start-up token could not be written, so nobody can prove anything.
         *
         * @param file where it should be
         */
        record Impossible(LocalTokenFile file) implements LocalProof {}
    }

    /** Why this request is refused; empty if it is not. */
    Optional<Refusal> judge(Asked asked) {
        if (asked.isRead() && (!access.readsNeedToken() || asked.isForProbes() || asked.isForPage())) {
            return Optional.empty();
        }
        Optional<String> token;
        try {
            token = access.token().read();
        } catch (IOException e) {
            return Optional.of(Refusal.unavailable("Roster cannot read a token from "
                    + access.token().place() + "; mend the file, no restart is needed"));
        }
        return token.isPresent() ? withToken(asked, token.get()) : withoutToken(asked);
    }

    private Optional<Refusal> withToken(Asked asked, String token) {
        Optional<String> sent = asked.bearer();
        if (sent.filter(text -> same(text, token)).isPresent()) {
            return Optional.empty();
        }
        String whatIsSo = sent.isPresent() ? "The token is wrong; " : "A token is needed; ";
        return Optional.of(
                Refusal.unauthorized(whatIsSo + HOW_TO_SEND + access.token().place(), sent.isPresent()));
    }

    private Optional<Refusal> withoutToken(Asked asked) {
        if (!asked.fromThisMachine()) {
            return Optional.of(Refusal.forbidden(
                    "No token is configured, so orders are taken only from the machine Roster runs on; "
                            + SET_A_TOKEN));
        }
        if (asked.only("host").filter(Loopback::isHostHeader).isEmpty()) {
            return Optional.of(
                    Refusal.forbidden("No token is configured, so orders are taken only at a loopback address such as"
                            + " 127.0.0.1, not at the name in the header Host; " + SET_A_TOKEN));
        }
        Optional<String> header = asked.headers().keySet().stream()
                .filter(AccessRules::isOfPageOrProxy)
                .sorted()
                .findFirst();
        if (header.isPresent()) {
            return Optional.of(
                    Refusal.forbidden("No token is configured, so no order is taken from a web page or a proxy, and"
                            + " this request has the header " + header.get() + "; " + SET_A_TOKEN));
        }
        return localProof(asked)
                .or(() -> isJson(asked)
                        ? Optional.empty()
                        : Optional.of(
                                Refusal.unsupported("No token is configured, so orders need the header 'Content-Type:"
                                        + " application/json' and a JSON body; send {} if there is nothing to say")));
    }

    private Optional<Refusal> localProof(Asked asked) {
        return switch (local) {
            case LocalProof.NotNeeded() -> Optional.empty();
            case LocalProof.Impossible(LocalTokenFile file) ->
                Optional.of(Refusal.forbidden(
                        "No token is configured, HTTP listens beyond loopback, and the start-up token could"
                                + " not be written to " + file.path() + "; " + SET_A_TOKEN));
            case LocalProof.Token(LocalTokenFile file, String token) -> {
                Optional<String> sent = asked.bearer();
                yield sent.filter(text -> same(text, token)).isPresent()
                        ? Optional.empty()
                        : Optional.of(Refusal.unauthorized(
                                (sent.isPresent() ? "The token is wrong" : "A token is needed")
                                        + ", since HTTP listens beyond loopback; use the roster command as the user Roster runs as,"
                                        + " or " + HOW_TO_SEND + file.path()
                                        + ", or configure one with ROSTER_API_TOKEN",
                                sent.isPresent()));
            }
        };
    }

    private static boolean isOfPageOrProxy(String header) {
        return PROXY_OR_PAGE.contains(header) || PROXY_OR_PAGE_FAMILIES.stream().anyMatch(header::startsWith);
    }

    private static boolean isJson(Asked asked) {
        return asked.only("content-type")
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
                .filter("application/json"::equals)
                .isPresent();
    }

    /** Takes as long for a token that begins right as for one that does not. */
    private static boolean same(String sent, String token) {
        return MessageDigest.isEqual(sent.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
