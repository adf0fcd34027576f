package dev.roster.app.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalQuery;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.DateTimeSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the description of the API (OpenAPI 3.0) from the resources and the records themselves, with their Javadoc as its
 * words. What no signature tells stands here: the bodies, which are read by hand, and what may go wrong.
 */
final class ApiDescription {

    private static final String JSON = "application/json";

    private static final String ABOUT = """
            The members of a Citus cluster: what is discovered, what is registered, what is done about the difference, and a person's \
            orders. Times are ISO 8601 in UTC. What is not known is left out. Later versions may answer with more fields.""";

    private static final String TOKEN = """
            The token of ROSTER_API_TOKEN or ROSTER_API_TOKEN_FILE. Where none is configured, orders are taken only from the machine \
            Roster runs on, at a loopback address, as JSON, and neither from a web page nor through a proxy; where HTTP listens beyond \
            loopback the start-up token is needed too. Reading needs the token only with ROSTER_API_READS=token.""";

    private static final Map<Integer, String> PROBLEMS = new TreeMap<>(Map.of(
            400, "A parameter or the body cannot be read; the detail names it, its value, and what is accepted",
            401, "A token is needed, or the one sent is wrong",
            403, "No token is configured, and the request does not come from where orders are taken",
            404, "Nothing has that name",
            409, "Not possible, or several have that name, or rows would be lost; the remedy says what to do",
            413, "The body is too large",
            415, "No token is configured, and the body is not sent as JSON",
            503, "The coordinator is away, or no pass judged the order in time; nothing was changed"));

    private final Comments comments;
    private final Schemas schemas;
    private final OpenAPI description = new OpenAPI();

    private ApiDescription(Comments comments) {
        this.comments = comments;
        this.schemas = new Schemas(comments);
    }

    /** The description of these endpoints, as text. */
    static String of(List<Endpoint> endpoints, Comments comments) throws JsonProcessingException {
        return new ApiDescription(comments).text(endpoints);
    }

    private String text(List<Endpoint> endpoints) throws JsonProcessingException {
        description.info(
                new Info().title("Roster").version("v1").description(ABOUT).license(new License().name("Apache-2.0")));
        Map<String, PathItem> paths = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            paths.computeIfAbsent(endpoint.path(), _ -> new PathItem())
                    .operation(PathItem.HttpMethod.valueOf(endpoint.method()), operation(endpoint));
        }
        Paths all = new Paths();
        paths.forEach(all::addPathItem);
        description.paths(all);
        schemas.add(Problem.class);
        description.components(components());
        return Json.mapper().copy().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(description) + "\n";
    }

    private Components components() {
        Components components = new Components();
        schemas.all().forEach(components::addSchemas);
        PROBLEMS.forEach((status, words) -> components.addResponses(
                problemName(status),
                new ApiResponse()
                        .description(words)
                        .content(content(Problem.MEDIA_TYPE, Schemas.reference(Problem.class)))));
        components.addSecuritySchemes(
                "token",
                new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description(TOKEN));
        return components;
    }

    private Operation operation(Endpoint endpoint) {
        boolean read = endpoint.method().equals("GET");
        String words = comments.of(
                endpoint.resource(),
                endpoint.function().getName(),
                endpoint.function().getParameterCount());
        Operation operation = new Operation()
                .operationId(endpoint.operationId())
                .addTagsItem(read ? "state" : "orders")
                .summary(words);
        endpoint.kind()
                .map(kind -> comments.of(Intent.Kind.class, kind.name()))
                .ifPresent(order -> operation
                        .summary(endpoint.method().equals("POST") ? order : words)
                        .description(order));
        endpoint.pathParameters()
                .forEach(name ->
                        operation.addParametersItem(parameter("path", name).required(true)));
        endpoint.queryParameters().forEach(name -> operation.addParametersItem(parameter("query", name)));
        endpoint.headers().forEach(name -> operation.addParametersItem(parameter("header", name)));
        if (!read) {
            operation.requestBody(body(endpoint));
        }
        operation.responses(responses(endpoint, read));
        operation.addSecurityItem(new SecurityRequirement().addList("token"));
        operation.addSecurityItem(new SecurityRequirement());
        return operation;
    }

    private ApiResponses responses(Endpoint endpoint, boolean read) {
        ApiResponses responses = new ApiResponses();
        Optional<Class<?>> answer = endpoint.answer();
        if (answer.isEmpty()) {
            responses.addApiResponse(
                    "200",
                    new ApiResponse()
                            .description("Server-sent events, until either side ends it")
                            .content(content("text/event-stream", new StringSchema())));
        } else {
            Content content = content(JSON, Schemas.reference(answer.get()));
            schemas.add(answer.get());
            boolean order = answer.get() == OrderView.class;
            responses.addApiResponse(
                    "200",
                    new ApiResponse()
                            .description(
                                    order ? "It stands already, or there is nothing to do" : comments.of(answer.get()))
                            .content(content));
            if (order) {
                responses.addApiResponse(
                        "202", new ApiResponse().description("Accepted").content(content));
            }
        }
        for (int status : problems(endpoint, read)) {
            responses.addApiResponse(Integer.toString(status), new ApiResponse().$ref(problemName(status)));
        }
        return responses;
    }

    private static List<Integer> problems(Endpoint endpoint, boolean read) {
        List<Integer> problems = new ArrayList<>(PROBLEMS.keySet());
        if (read) {
            problems.removeAll(List.of(403, 404, 409, 413, 415));
            if (endpoint.queryParameters().isEmpty()) {
                problems.remove(Integer.valueOf(400));
            }
        } else if (endpoint.pathParameters().isEmpty()) {
            problems.remove(Integer.valueOf(404));
        }
        return problems;
    }

    private static Parameter parameter(String in, String name) {
        Parameter parameter = new Parameter().in(in).name(name);
        return switch (name) {
            case "name" ->
                parameter
                        .schema(new StringSchema().minLength(1))
                        .description("A worker's or node's name, its host, or `host:port`, in any case");
            case "node" ->
                parameter
                        .schema(new StringSchema().minLength(1).maxLength(300))
                        .description("Only entries about this host or `host:port`");
            case "since" -> parameter.schema(new DateTimeSchema()).description("Only entries at or after this time");
            case "before" ->
                parameter
                        .schema(new IntegerSchema().format("int64").minimum(BigDecimal.ONE))
                        .description(
                                "Only entries with a smaller id, so the id of the last one asks for what follows it");
            case "limit" ->
                parameter
                        .schema(new IntegerSchema()
                                .minimum(BigDecimal.ONE)
                                .maximum(BigDecimal.valueOf(JournalQuery.MAX_LIMIT)))
                        .description("At most so many entries; 100 if it is left out");
            case "preview" ->
                parameter.schema(new BooleanSchema()).description("Whether Citus is asked what a rebalance would move");
            case "Last-Event-ID" ->
                parameter
                        .schema(new StringSchema())
                        .description("The id of the last event that was received, to be told only what was missed");
            default -> throw new IllegalStateException("say here what the parameter " + name + " means");
        };
    }

    private static RequestBody body(Endpoint endpoint) {
        Schema<?> body = new Schema<>().type("object");
        StringSchema by = new StringSchema();
        by.setDefault("api");
        body.addProperty("by", by.minLength(1).maxLength(100).description("Who orders it, in printable characters"));
        if (endpoint.takesMode()) {
            StringSchema mode = new StringSchema();
            for (Intent.TransferMode each : Intent.TransferMode.values()) {
                mode.addEnumItem(each.word());
            }
            mode.setDefault(Intent.TransferMode.AUTO.word());
            body.addProperty("mode", mode.description("How shards are moved, `citus.shard_transfer_mode`"));
        }
        endpoint.otherServer().ifPresent(field -> {
            body.addProperty(
                    field, new StringSchema().minLength(1).maxLength(300).description("The name of the other server"));
            body.addRequiredItem(field);
        });
        if (endpoint.otherServer().filter("with"::equals).isPresent()) {
            body.addProperty(
                    "acceptDataLoss",
                    new BooleanSchema().description("Whether the loss of what only the lost server had is accepted"));
        }
        body.additionalProperties(false);
        return new RequestBody()
                .description("What is left out has its default; an empty body says nothing")
                .required(endpoint.otherServer().isPresent())
                .content(content(JSON, body));
    }

    private static Content content(String type, Schema<?> schema) {
        return new Content().addMediaType(type, new MediaType().schema(schema));
    }

    private static String problemName(int status) {
        return "Problem" + status;
    }
}
