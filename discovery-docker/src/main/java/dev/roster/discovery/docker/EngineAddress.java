package dev.roster.discovery.docker;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a Docker engine is reached. The environment is read as Docker's own CLI reads it: {@code DOCKER_HOST}, any value
 * of {@code DOCKER_TLS_VERIFY} for TLS, {@code DOCKER_CERT_PATH} or {@code ~/.docker} for its files.
 *
 * @param uri {@code unix:///path} or {@code tcp://host:port}
 * @param certificates the folder of the PEM files; empty if TLS is not used
 */
record EngineAddress(URI uri, Optional<Path> certificates) {

    private static final Path DEFAULT_SOCKET = Path.of("/var/run/docker.sock");
    private static final int PLAIN_PORT = 2375;
    private static final int TLS_PORT = 2376;

    /**
     * Finds the engine by the configured host, the environment, or the usual sockets, in this order.
     *
     * @throws IllegalArgumentException if the address named there is none; the message names the setting
     */
    static EngineAddress find(Optional<String> configured, Map<String, String> environment) {
        return find(configured, environment, DEFAULT_SOCKET);
    }

    static EngineAddress find(Optional<String> configured, Map<String, String> environment, Path rootful) {
        String fromEnvironment = environment.getOrDefault("DOCKER_HOST", "").strip();
        if (configured.isPresent()) {
            return parse("roster.docker.host", configured.get(), environment);
        }
        if (!fromEnvironment.isEmpty()) {
            return parse("DOCKER_HOST", fromEnvironment, environment);
        }
        return new EngineAddress(URI.create("unix://" + usualSocket(environment, rootful)), Optional.empty());
    }

    private static Path usualSocket(Map<String, String> environment, Path rootful) {
        String runtimeFolder = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!Files.exists(rootful) && !runtimeFolder.isBlank()) {
            Path rootless = Path.of(runtimeFolder, "docker.sock");
            if (Files.exists(rootless)) {
                return rootless;
            }
        }
        return rootful;
    }

    private static EngineAddress parse(String setting, String text, Map<String, String> environment) {
        try {
            URI uri = checkScheme(text);
            if (isUnix(uri)) {
                return new EngineAddress(uri, Optional.empty());
            }
            boolean tls =
                    !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty() || "https".equals(uri.getScheme());
            int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PLAIN_PORT;
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            String host = uri.getHost();
            return new EngineAddress(
                    URI.create("tcp://" + host + ":" + port + path),
                    tls ? Optional.of(certificateFolder(environment)) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    setting + "=" + text + " " + e.getMessage() + "; accepted: " + DockerOptions.HOST.accepted(), e);
        }
    }

    private static Path certificateFolder(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CERT_PATH", "");
        return folder.isBlank()
                ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker")
                : Path.of(folder.strip());
    }

    /**
     * Reads an engine's address.
     *
     * @throws IllegalArgumentException with words that follow the value
     */
    static URI checkScheme(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is not an address", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        switch (scheme) {
            case "unix" -> {
                if (uri.getPath() == null || uri.getPath().isEmpty() || uri.getAuthority() != null) {
                    throw new IllegalArgumentException("names no absolute path of a socket");
                }
            }
            case "tcp", "http", "https" -> {
                if (uri.getHost() == null) {
                    throw new IllegalArgumentException("names no host");
                }
            }
            default -> throw new IllegalArgumentException("has a scheme that is neither unix nor tcp");
        }
        return uri;
    }

    private static boolean isUnix(URI uri) {
        return "unix".equals(uri.getScheme());
    }

    /** The socket's file, if the engine is reached by one. */
    Optional<Path> socket() {
        return isUnix(uri) ? Optional.of(Path.of(uri.getPath())) : Optional.empty();
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
