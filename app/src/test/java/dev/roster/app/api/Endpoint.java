package dev.roster.app.api;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.roster.ledger.Intent;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One method of HTTP at one path under {@code /api/v1}, as the resources of the service declare it.
 *
 * @param method the HTTP method
 * @param path the path, with its parameters in braces
 * @param resource the class that answers
 * @param function what answers
 */
record Endpoint(String method, String path, Class<?> resource, Method function) {

    private static final Pattern CHOICE = Pattern.compile("\\{\\s*\\w+\\s*:\\s*([\\w|-]+)\\s*}");
    private static final Pattern NAMED = Pattern.compile("\\{(\\w+)}");

    /** Every endpoint of every resource in the application, whatever package it is in. */
    static List<Endpoint> all() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.roster.app")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(Path.class))
                        .map(type -> type.reflect())
                        .flatMap(type -> of(type).stream())
                        .filter(endpoint -> endpoint.path().startsWith("/api/"))
                        .sorted(Comparator.comparing(Endpoint::path).thenComparing(Endpoint::method))
                        .toList();
    }

    private static List<Endpoint> of(Class<?> resource) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (Method function : resource.getDeclaredMethods()) {
            for (Annotation annotation : function.getAnnotations()) {
                HttpMethod method = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (method != null) {
                    paths(written(resource.getAnnotation(Path.class)) + written(function.getAnnotation(Path.class)))
                            .forEach(path -> endpoints.add(new Endpoint(method.value(), path, resource, function)));
                }
            }
        }
        return endpoints;
    }

    private static String written(@Nullable Path annotation) {
        return annotation == null ? "" : "/" + annotation.value().replaceAll("^/|/$", "");
    }

    /** A parameter that is one of some words makes a path for each. */
    private static List<String> paths(String path) {
        Matcher choice = CHOICE.matcher(path);
        return choice.find()
                ? Arrays.stream(choice.group(1).split("\\|", -1))
                        .map(word -> path.substring(0, choice.start()) + word + path.substring(choice.end()))
                        .toList()
                : List.of(path);
    }

    /** {@code getStatus}, {@code postWorkersDrain}. */
    String operationId() {
        StringBuilder id = new StringBuilder(method.toLowerCase(Locale.ROOT));
        for (String segment : path.replaceFirst("^/api/v1/", "").split("/", -1)) {
            if (!segment.startsWith("{")) {
                id.append(Character.toUpperCase(segment.charAt(0))).append(segment.substring(1));
            }
        }
        return id.toString();
    }

    /** The kind of order, where it stands in the path. */
    Optional<Intent.Kind> kind() {
        return pathParameters().isEmpty()
                ? Optional.empty()
                : Arrays.stream(Intent.Kind.values())
                        .filter(kind -> path.endsWith("}/" + kind.word()))
                        .findFirst();
    }

    boolean takesMode() {
        return method.equals("POST")
                && (path.endsWith("/rebalance") || path.endsWith("/drain") || path.endsWith("/drain/preview"));
    }

    /** The field that names the other server, for an order that needs one. */
    Optional<String> otherServer() {
        return kind().filter(_ -> method.equals("POST")).flatMap(kind -> switch (kind) {
            case FOLLOW -> Optional.of("to");
            case REPLACE -> Optional.of("with");
            case DRAIN, REMOVE, ACTIVATE, HOLD, REBALANCE -> Optional.empty();
        });
    }

    /** What it answers if all is well; empty for a stream. */
    Optional<Class<?>> answer() {
        if (isStream()) {
            return Optional.empty();
        }
        if (method.equals("GET")) {
            return Optional.of(function.getReturnType());
        }
        return Optional.of(path.endsWith("/preview") ? DrainPreviewView.class : OrderView.class);
    }

    boolean isStream() {
        return function.getReturnType() == Multi.class;
    }

    List<String> pathParameters() {
        return NAMED.matcher(path).results().map(found -> found.group(1)).toList();
    }

    List<String> queryParameters() {
        return parameters(QueryParam.class, QueryParam::value);
    }

    List<String> headers() {
        return parameters(HeaderParam.class, HeaderParam::value);
    }

    private <A extends Annotation> List<String> parameters(Class<A> type, Function<A, String> name) {
        return Arrays.stream(function.getParameters())
                .flatMap(parameter -> Optional.ofNullable(parameter.getAnnotation(type)).map(name).stream())
                .toList();
    }
}
