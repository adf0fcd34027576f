package dev.roster.app.service;

import dev.roster.app.api.Description;
import io.micrometer.core.instrument.Tags;
import io.quarkus.micrometer.runtime.HttpServerMetricsTagsContributor;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names a request in {@code http.server.requests}. Whoever asks chooses the method and the path, so neither may become a label as it
 * is: each new one would be a time series that is kept until Roster ends. Quarkus sees to that only for paths that are not found; one
 * that is refused before its router knows it, such as an order without a token, would be named by what was asked for.
 */
@Singleton
final class RequestLabels implements HttpServerMetricsTagsContributor {

    /** What stands for every method and every path that is not ours. */
    static final String OTHER = "OTHER";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS");
    private static final Pattern VARIABLE = Pattern.compile("\\{\\w+}");

    private final Map<String, Pattern> paths = new LinkedHashMap<>();

    RequestLabels() {
        this(Description.paths());
    }

    RequestLabels(Collection<String> described) {
        paths.put("root", Pattern.compile("/(index\\.html)?"));
        paths.put("/dashboard", Pattern.compile("/dashboard(/.*)?"));
        paths.put("/_static", Pattern.compile("/_static(/.*)?"));
        for (String path : described) {
            paths.put(path, Pattern.compile(VARIABLE.matcher(path).replaceAll("[^/]+")));
        }
    }

    @Override
    public Tags contribute(Context context) {
        String path = context.request().path();
        return labels(
                context.request().method().name(),
                path == null ? "" : path,
                context.response().statusCode());
    }

    /** The two labels, which take the place of those that Quarkus gives. */
    Tags labels(String method, String path, int status) {
        return Tags.of("method", METHODS.contains(method) ? method : OTHER, "uri", label(path, status));
    }

    private String label(String path, int status) {
        return paths.entrySet().stream()
                .filter(known -> known.getValue().matcher(path).matches())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(status == 404 ? "NOT_FOUND" : OTHER);
    }
}
