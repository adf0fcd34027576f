package dev.roster.app.access;

import dev.roster.app.access.AccessRules.LocalProof;
import dev.roster.app.settings.ApiAccess;
import dev.roster.app.settings.ApiToken;
import dev.roster.app.settings.RosterSettings;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands before every request, whatever it asks for, and lets through what the rules allow. */
@Singleton
final class ApiGate {

    private static final Logger LOG = LoggerFactory.getLogger(ApiGate.class);

    /** Before everything else; Quarkus' own filters come after. */
    private static final int FIRST = 10_000;

    private final RefusalAnswer answer;
    private final AccessRules rules;
    private final LocalProof local;
    private final long largestBody;

    ApiGate(
            RosterSettings settings,
            RefusalAnswer answer,
            @ConfigProperty(name = "quarkus.http.host") Optional<String> host,
            @ConfigProperty(name = "quarkus.http.port") Optional<Integer> port,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestBody) {
        this.answer = answer;
        this.largestBody = largestBody.asLongValue();
        this.local = proof(settings.api(), host.orElse("0.0.0.0"), port.orElse(8080));
        this.rules = new AccessRules(settings.api(), local);
    }

    void stand(@Observes Filters filters) {
        filters.register(this::judge, FIRST);
    }

    @PreDestroy
    void end() {
        if (local instanceof LocalProof.Token token) {
            try {
                token.file().delete();
            } catch (IOException e) {
                LOG.warn(
                        "The start-up token {} could not be removed ({})",
                        token.file().path(),
                        e.toString());
            }
        }
    }

    private static LocalProof proof(ApiAccess access, String host, int port) {
        if (!(access.token() instanceof ApiToken.None) || Loopback.isHost(host)) {
            return new LocalProof.NotNeeded();
        }
        LocalTokenFile file = LocalTokenFile.of(access.localTokenFile(), port);
        try {
            return new LocalProof.Token(file, file.write());
        } catch (IOException e) {
            LOG.warn(
                    "The start-up token {} cannot be written ({}), so no order can be given: set ROSTER_API_TOKEN, or"
                            + " ROSTER_API_LOCAL_TOKEN_FILE to a path this user may write",
                    file.path(),
                    e.toString());
            return new LocalProof.Impossible(file);
        }
    }

    private void judge(RoutingContext context) {
        Optional<Refusal> refusal = rules.judge(asked(context)).or(() -> tooLarge(context.request()));
        if (refusal.isPresent()) {
            answer.send(context.response(), refusal.get());
        } else {
            context.next();
        }
    }

    /** A body of unknown length is measured by Quarkus while it comes. */
    private Optional<Refusal> tooLarge(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && length.matches("\\d{1,18}") && Long.parseLong(length) > largestBody
                ? Optional.of(Refusal.tooLarge(largestBody))
                : Optional.empty();
    }

    private static Asked asked(RoutingContext context) {
        return new Asked(
                context.request().method().name().toUpperCase(Locale.ROOT),
                context.normalizedPath(),
                isThisMachine(context.request().remoteAddress()),
                headers(context.request()));
    }

    private static boolean isThisMachine(SocketAddress sender) {
        String address = sender.hostAddress();
        // An IPv6 address may name its interface.
        return address != null && Loopback.isHost(address.replaceFirst("%.*", ""));
    }

    private static Map<String, List<String>> headers(HttpServerRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.getValue());
        }
        HostAndPort authority = request.authority();
        if (authority != null) {
            // HTTP/2 has a field of its own for it (RFC 9113, section 8.3.1).
            headers.putIfAbsent("host", List.of(authority.toString()));
        }
        return headers;
    }
}
