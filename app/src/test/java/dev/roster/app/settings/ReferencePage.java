package dev.roster.app.settings;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import dev.roster.discovery.Option;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code docs/configuration.md} from what declares the settings: the keys of {@link RosterConfig} with their Javadoc,
 * and the options of the plug-ins.
 */
final class ReferencePage {

    private static final String HEAD = """
            # Configuration

            <!-- Made from the declarations of the settings; do not edit. Refresh it with:
                 ./mvnw -pl app -am test -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false -Droster.refresh=true -->

            Every setting is an environment variable; the same key may stand as a property in `config/application.properties` beside
            the working directory, or as `-Dkey=value`. Environment variables win over files.

            All settings are checked before the service starts. Each fault is one line that names the key as it was written, its value
            (a secret is masked), and what is accepted; all faults are told at once, and the exit code is 2. A variable that begins with
            `ROSTER_` and is no setting is a fault too, with the nearest key as a suggestion, except those that an orchestrator injects
            for a service called roster (`ROSTER_SERVICE_HOST`, `ROSTER_PORT_8080_TCP` and so on). An empty value counts as not set.

            Durations are a number and a unit: `500ms`, `30s`, `5m`, `1h`, `2d`.

            ## The coordinator

            These variables mean what they mean to the Docker membership managers and to libpq.

            | variable | default | meaning |
            |---|---|---|
            | `CITUS_HOST`, then `COORDINATOR_HOST` | `master` | The coordinator: `host` or `host:port`; of several, separated by commas, the writable one is used. |
            | `POSTGRES_USER` | `postgres` | The role. |
            | `POSTGRES_PASSWORD` or `POSTGRES_PASSWORD_FILE` | none | The password, or a file that holds it (one line end at its end is not part of it). The file is read anew for each connection, so a changed secret needs no restart. Setting both is a fault. |
            | `POSTGRES_DB` | same as the user | The database. |
            | `DATABASE_URL` | none | A libpq URL, `postgresql://user:password@host:port/database?sslmode=require`, percent-encoded. What it says wins over the variables above; what it leaves out comes from them. Parameters: `sslmode`, `sslrootcert`; `connect_timeout`, `application_name` and `target_session_attrs` are read and left alone. |
            | `PGSSLMODE` | `prefer` | `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`; also for `direct` probes of workers. |
            | `PGSSLROOTCERT` | none | The file of the authority's certificate, for the modes that verify. |
            | `HOSTNAME` | set by Docker | The own container, from which the source `docker` learns its project. |

            A coordinator that Roster reaches by a loopback name needs `ROSTER_COORDINATOR_ADVERTISED`, since the same name means another
            server on every worker.

            ## HTTP and log

            The port and the address are Quarkus' own keys.

            | variable | default | meaning |
            |---|---|---|
            | `QUARKUS_HTTP_PORT`, then `PORT` | `8080` | The port of health, metrics and API. `PORT` is honoured when it is a number. |
            | `QUARKUS_HTTP_HOST` | `0.0.0.0` | The address to listen on. |
            | `QUARKUS_LOG_LEVEL` | `INFO` | How much is logged; `QUARKUS_LOG_CATEGORY__DEV_ROSTER__LEVEL=DEBUG` for Roster alone. |

            ## The engine
            """;

    private final Map<String, String> documentation;

    ReferencePage(Path sourceOfRosterConfig) throws IOException {
        this.documentation = documentation(sourceOfRosterConfig);
    }

    String text(List<DeclaredKey> keys, List<WorkerDiscoveryProvider> providers) {
        StringBuilder page =
                new StringBuilder(HEAD).append("\n| variable | default | accepted | meaning |\n|---|---|---|---|\n");
        for (DeclaredKey key : keys) {
            row(
                    page,
                    key.name(),
                    key.defaultValue(),
                    key.text().map(Text::accepted).orElse("words, separated by commas"),
                    documentation.getOrDefault(key.name(), ""));
        }
        providers.stream()
                .sorted(Comparator.comparing(WorkerDiscoveryProvider::type))
                .forEach(provider -> source(page, provider));
        return page.toString();
    }

    private static void source(StringBuilder page, WorkerDiscoveryProvider provider) {
        page.append("\n## The source `").append(provider.type()).append("`\n\n");
        page.append(provider.description())
                .append(" More: [sources/")
                .append(provider.type())
                .append(".md](sources/");
        page.append(provider.type())
                .append(".md).\n\n| variable | default | accepted | meaning |\n|---|---|---|---|\n");
        for (Option<?> option : provider.options()) {
            row(
                    page,
                    PluginOptions.key(provider, option),
                    option.defaultValue(),
                    option.accepted(),
                    option.documentation());
        }
    }

    private static void row(
            StringBuilder page, String key, Optional<String> defaultValue, String accepted, String documentation) {
        page.append("| `")
                .append(DeclaredKey.environmentName(key))
                .append("`<br>`")
                .append(key)
                .append("` | ");
        page.append(defaultValue.map(value -> "`" + value + "`").orElse("none")).append(" | ");
        page.append(cell(accepted)).append(" | ").append(cell(documentation)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|").strip();
    }

    /** The Javadoc of each key, read from the source by the compiler itself. */
    private static Map<String, String> documentation(Path source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, _ -> {}, List.of("-proc:none"), null, files.getJavaFileObjects(source));
            Map<String, String> found = new HashMap<>();
            for (CompilationUnitTree unit : task.parse()) {
                new KeyScanner(DocTrees.instance(task), found).scan(new TreePath(unit), null);
            }
            return found;
        }
    }

    /** Collects the comments of methods under the key that their interface and name make. */
    private static final class KeyScanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees comments;
        private final Map<String, String> found;
        private String prefix = "";

        KeyScanner(DocTrees comments, Map<String, String> found) {
            this.comments = comments;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            String outer = prefix;
            String name = type.getSimpleName().toString();
            prefix =
                    name.equals("RosterConfig") ? "roster." : outer + DeclaredKey.hyphenated(uncapitalized(name)) + ".";
            super.visitClass(type, null);
            prefix = outer;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            String comment = comments.getDocComment(getCurrentPath());
            if (comment != null) {
                found.put(prefix + DeclaredKey.hyphenated(method.getName().toString()), comment);
            }
            return null;
        }

        private static String uncapitalized(String name) {
            return Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }
    }
}
