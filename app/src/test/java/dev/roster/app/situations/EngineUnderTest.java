package dev.roster.app.situations;

import dev.roster.app.engine.OrderNotJudged;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.settings.SettingsReader;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.PassResult;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.DockerEngine;
import dev.roster.testkit.docker.Server;
import dev.roster.testkit.postgres.PostgresServer;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Roster in this JVM, beside a cluster: built by the composition root from environment variables as a container would be given
 * them. It reaches the coordinator by its address, since this machine does not know the servers' names.
 */
final class EngineUnderTest implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** The names of the nodes for which this holds. */
    private final Function<String, List<String>> nodesWhere;

    private final RosterEngine engine;

    private EngineUnderTest(Function<String, List<String>> nodesWhere, RosterEngine engine) {
        this.nodesWhere = nodesWhere;
        this.engine = engine;
    }

    /** Starts it beside servers with names of their own, with these variables beside those that name the cluster. */
    static EngineUnderTest start(NamedCluster cluster, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(cluster.settings());
        environment.putAll(variables);
        return start(cluster::nodesWhere, environment);
    }

    /** Starts it beside servers of this machine, which it knows by a list, with these variables beside those. */
    static EngineUnderTest start(CitusCluster cluster, List<PostgresServer> workers, Map<String, String> variables) {
        return start(cluster, workers, variables, InstantSource.system());
    }

    /** The same with a time of day of the test's own. */
    static EngineUnderTest start(
            CitusCluster cluster, List<PostgresServer> workers, Map<String, String> variables, InstantSource time) {
        PostgresServer coordinator = cluster.coordinator();
        String address = coordinator.host() + ":" + coordinator.port();
        Map<String, String> environment = new HashMap<>(Map.of(
                "CITUS_HOST",
                address,
                "ROSTER_COORDINATOR_ADVERTISED",
                address,
                "POSTGRES_USER",
                coordinator.user(),
                "POSTGRES_DB",
                "postgres",
                "ROSTER_DISCOVERY",
                "static",
                "ROSTER_STATIC_WORKERS",
                workers.stream()
                        .map(worker -> worker.host() + ":" + worker.port())
                        .collect(Collectors.joining(","))));
        environment.putAll(variables);
        return start(
                condition -> Stream.of(coordinator
                                .query("SELECT string_agg(nodename || ':' || nodeport, ',') FROM pg_dist_node WHERE "
                                        + condition)
                                .split(","))
                        .toList(),
                environment,
                time);
    }

    /** Starts it beside containers, with these variables beside those that name the cluster. */
    static EngineUnderTest start(DockerCluster cluster, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "CITUS_HOST", cluster.coordinatorIp(),
                "ROSTER_COORDINATOR_ADVERTISED", cluster.coordinator().name(),
                "POSTGRES_USER", cluster.credentials().user(),
                "POSTGRES_PASSWORD", cluster.credentials().password(),
                "POSTGRES_DB", cluster.credentials().database(),
                "ROSTER_DOCKER_PROJECT", cluster.project(),
                "ROSTER_DOCKER_HOST", "unix://" + DockerEngine.socket()));
        environment.putAll(variables);
        return start(
                condition -> cluster.sql().column("SELECT nodename FROM pg_dist_node WHERE " + condition), environment);
    }

    private static EngineUnderTest start(Function<String, List<String>> nodesWhere, Map<String, String> environment) {
        return start(nodesWhere, environment, InstantSource.system());
    }

    private static EngineUnderTest start(
            Function<String, List<String>> nodesWhere, Map<String, String> environment, InstantSource time) {
        RosterEngine engine = RosterEngine.build(
                new SettingsReader()
                        .read(new SmallRyeConfigBuilder()
                                .withSources(new EnvConfigSource(environment, 300))
                                .build()),
                time,
                List.of());
        engine.start();
        return new EngineUnderTest(nodesWhere, engine);
    }

    /** Waits until all of them are active nodes whose metadata is in sync. */
    void awaitMembers(Server... workers) {
        for (Server worker : workers) {
            awaitMember(worker.name());
        }
    }

    /** Waits until an active node has this name. */
    void awaitMember(String name) {
        await(
                name + " is an active node",
                () -> nodesWhere
                        .apply("isactive AND metadatasynced AND groupid > 0")
                        .contains(name));
    }

    /** Waits until no node has this name. */
    void awaitGone(Server worker) {
        awaitGone(worker.name());
    }

    /** Waits until no node has this name. */
    void awaitGone(String name) {
        await(name + " is no node any more", () -> !nodesWhere.apply("true").contains(name));
    }

    /** Waits until the worker or node of this name is in this situation, and returns its sentence. */
    String awaitVerdict(String name, Situation situation) {
        await(
                name + " is " + situation,
                () -> verdict(name)
                        .filter(verdict -> verdict.situation() == situation)
                        .isPresent());
        return verdict(name).orElseThrow().sentence();
    }

    /** The same for a container, by the address that Docker's source would give it. */
    String awaitVerdict(Server server, Situation situation) {
        return awaitVerdict(server.name(), situation);
    }

    /** Waits until its sentence contains these words in this order, whatever the situation. */
    String awaitSentence(String name, String words) {
        await(
                name + " says " + words,
                () -> verdict(name)
                        .filter(verdict -> verdict.sentence().contains(words))
                        .isPresent());
        return verdict(name).orElseThrow().sentence();
    }

    /** Waits until so many more passes ended, each asked for. */
    void awaitPasses(int more) {
        for (int i = 0; i < more; i++) {
            long before = passes();
            engine.nudge("the test wants to see one more pass");
            await("one more pass", () -> passes() > before);
        }
    }

    /** Waits until every source has looked completely so many more times. */
    void awaitLooks(int more) {
        for (int i = 0; i < more; i++) {
            List<Optional<Instant>> before = looks();
            await("one more look", () -> looks().stream().noneMatch(before::contains));
        }
    }

    private List<Optional<Instant>> looks() {
        return engine.sources().stream().map(SourceHealth::lastFullLook).toList();
    }

    /** Waits until an action is withheld with these words in its reason. */
    void awaitWithheld(String words) {
        await(
                "an action is withheld: " + words,
                () -> engine.latest().stream()
                        .flatMap(result -> result.plan().withheld().stream())
                        .anyMatch(withheld -> withheld.reason().contains(words)));
    }

    /** Waits until a source has set something aside with these words in its sentence. */
    void awaitSetAside(String words) {
        await(
                "something is set aside: " + words,
                () -> engine.latest().stream()
                        .flatMap(result -> result.seen().stream())
                        .flatMap(seen -> seen.sightings().sources().stream())
                        .anyMatch(sighting -> sighting instanceof Sighting.Complete complete
                                && complete.setAside().stream()
                                        .anyMatch(aside -> aside.sentence().contains(words))));
    }

    /** Gives an order as the API does, and waits for its answer. */
    OrderAnswer order(Order order) {
        try {
            return engine.order(order);
        } catch (CoordinatorUnavailable | OrderNotJudged e) {
            throw new AssertionError("not judged: " + order + "\n" + this, e);
        }
    }

    /** How many passes ended. */
    long passes() {
        return engine.latest().map(PassResult::number).orElse(0L);
    }

    /** Waits until both sides are connected. */
    void awaitReady() {
        await("Roster is ready", engine::isReady);
    }

    /** Waits until one side is lost. */
    void awaitNotReady() {
        await("Roster is not ready", () -> !engine.isReady());
    }

    boolean isReady() {
        return engine.isReady();
    }

    boolean isLeading() {
        return engine.isLeading();
    }

    /** Why the coordinator could not be read in the last pass; empty if it could. */
    String trouble() {
        return engine.latest()
                .flatMap(PassResult::trouble)
                .map(trouble -> trouble.sentence() + " " + trouble.remedy())
                .orElse("");
    }

    /** Why sources cannot look; empty if they can. */
    String sourceError() {
        return engine.sources().stream()
                .map(SourceHealth::error)
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
    }

    /** The verdict on the worker or node of this name, at this host, or at this {@code host:port}. */
    Optional<Verdict> verdict(String name) {
        return engine.latest().stream()
                .flatMap(result -> result.plan().verdicts().stream())
                .filter(verdict -> verdict.name().equals(name)
                        || verdict.address().host().equals(name)
                        || verdict.address().toString().equals(name))
                .min(Comparator.comparing(verdict -> !verdict.address().host().equals(name)));
    }

    /** What becomes of a person's order. */
    OrderAnswer answerTo(Order order) {
        try {
            return engine.order(order);
        } catch (Exception e) {
            throw new AssertionError("not judged: " + order, e);
        }
    }

    /** The last pass. */
    Optional<PassResult> latest() {
        return engine.latest();
    }

    void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(100))
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("in vain: " + what + "\n" + this, e);
        }
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Everything a person would look at when a test fails. */
    @Override
    public String toString() {
        return engine.latest()
                        .map(result -> result.number() + ": " + result.sentence()
                                + result.trouble()
                                        .map(trouble -> "\n  " + trouble.sentence() + " " + trouble.remedy())
                                        .orElse("")
                                + result.plan().verdicts().stream()
                                        .map(verdict -> "\n  " + verdict.address() + " " + verdict.situation() + ": "
                                                + verdict.sentence())
                                        .collect(Collectors.joining())
                                + result.plan().withheld().stream()
                                        .map(withheld -> "\n  withheld: " + withheld)
                                        .collect(Collectors.joining())
                                + result.plan().alarms().stream()
                                        .map(alarm -> "\n  alarm: " + alarm)
                                        .collect(Collectors.joining())
                                + result.outcomes().stream()
                                        .map(outcome -> "\n  " + outcome)
                                        .collect(Collectors.joining()))
                        .orElse("no pass ended yet")
                + "\n  source: " + engine.sources();
    }
}
