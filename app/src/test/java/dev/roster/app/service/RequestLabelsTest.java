package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLabelsTest {

    private final RequestLabels labels = new RequestLabels(List.of("/api/v1/status", "/api/v1/workers/{name}/drain"));

    @ParameterizedTest
    @CsvSource({
        "GET,    /,                               200, GET,   root",
        "GET,    /index.html,                     200, GET,   root",
        "GET,    /api/v1/status,                  200, GET,   /api/v1/status",
        "GET,    /api/v1/status,                  404, GET,   /api/v1/status",
        "POST,   /api/v1/workers/pg-1%3A5432/drain, 401, POST, /api/v1/workers/{name}/drain",
        "POST,   /api/v1/workers/a/b/drain,       401, POST,  OTHER",
        "GET,    /api/v1/workers/{name}/drain,    405, GET,   /api/v1/workers/{name}/drain",
        "GET,    /dashboard/main.js,              200, GET,   /dashboard",
        "GET,    /_static/lit/3.3.1/index.js,     200, GET,   /_static",
        "GET,    /dashboards,                     404, GET,   NOT_FOUND",
        "FROB7,  /api/v1/status,                  401, OTHER, /api/v1/status",
        "get,    *,                               400, OTHER, OTHER",
    })
    void whatIsNotOursHasNoNameOfItsOwn(String method, String path, int status, String methodTold, String uri) {
        assertThat(labels.labels(method, path, status).stream())
                .extracting(tag -> tag.getKey() + "=" + tag.getValue())
                .containsExactly("method=" + methodTold, "uri=" + uri);
    }
}
