package dev.roster.testkit.docker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How one database container is to be made; immutable, so that it can be made again. A new one is a service of its project
 * as compose makes it; each {@code with...} method returns a copy that deviates in one thing.
 */
public final class ServerSpec {

    private String container;
    private Map<String, String> labels;
    private Optional<String> volume;
    private Optional<String> image = Optional.empty();
    private Credentials credentials;
    private Optional<String> hostname = Optional.empty();
    private Optional<String> network = Optional.empty();
    private Optional<String> address = Optional.empty();
    private Optional<String> alias = Optional.empty();
    private boolean extension = true;
    private Duration healthInterval = Duration.ofMillis(500);

    ServerSpec(String container, Map<String, String> labels, Credentials credentials) {
        this.container = container;
        this.labels = Map.copyOf(labels);
        this.volume = Optional.of(container + "-data");
        this.credentials = credentials;
    }

    private ServerSpec(ServerSpec other) {
        container = other.container;
        labels = other.labels;
        volume = other.volume;
        image = other.image;
        credentials = other.credentials;
        hostname = other.hostname;
        network = other.network;
        address = other.address;
        alias = other.alias;
        extension = other.extension;
        healthInterval = other.healthInterval;
    }

    /** Under another container name, with the same data volume. */
    public ServerSpec withContainer(String other) {
        return changed(copy -> copy.container = other);
    }

    /** With another value for one label, or one label more. */
    public ServerSpec withLabel(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return changed(copy -> copy.labels = Map.copyOf(more));
    }

    /** Without data that outlives the container. */
    public ServerSpec withoutVolume() {
        return changed(copy -> copy.volume = Optional.empty());
    }

    /** From this image, whose own data is used, without a volume. */
    public ServerSpec withGoldenImage(String other) {
        return changed(copy -> {
            copy.image = Optional.of(other);
            copy.volume = Optional.empty();
        });
    }

    /** With credentials of its own. */
    public ServerSpec withCredentials(Credentials other) {
        return changed(copy -> copy.credentials = other);
    }

    /** With an explicit {@code hostname:}. */
    public ServerSpec withHostname(String other) {
        return changed(copy -> copy.hostname = Optional.of(other));
    }

    /** In this network instead of the project's, so that the coordinator cannot resolve its name. */
    public ServerSpec withNetwork(String other) {
        return changed(copy -> copy.network = Optional.of(other));
    }

    /** Without the extension in its database. */
    public ServerSpec withoutExtension() {
        return changed(copy -> copy.extension = false);
    }

    /** With its health looked at so often; the first time that long after its start. */
    public ServerSpec withHealthInterval(Duration other) {
        return changed(copy -> copy.healthInterval = other);
    }

    /** At a fixed address of its network. */
    ServerSpec withAddress(String other) {
        return changed(copy -> copy.address = Optional.of(other));
    }

    /** Also known by this name in its network, as a service is. */
    ServerSpec withAlias(String other) {
        return changed(copy -> copy.alias = Optional.of(other));
    }

    Optional<String> alias() {
        return alias;
    }

    String container() {
        return container;
    }

    Map<String, String> labels() {
        return labels;
    }

    Optional<String> volume() {
        return volume;
    }

    Optional<String> image() {
        return image;
    }

    Credentials credentials() {
        return credentials;
    }

    Optional<String> hostname() {
        return hostname;
    }

    Optional<String> network() {
        return network;
    }

    Optional<String> address() {
        return address;
    }

    boolean extension() {
        return extension;
    }

    Duration healthInterval() {
        return healthInterval;
    }

    private ServerSpec changed(Consumer<ServerSpec> change) {
        ServerSpec copy = new ServerSpec(this);
        change.accept(copy);
        return copy;
    }
}
