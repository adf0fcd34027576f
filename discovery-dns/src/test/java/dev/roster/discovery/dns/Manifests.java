package dev.roster.discovery.dns;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Kubernetes manifests, read with the models of the Kubernetes client, which keep what they do not know in a map. */
final class Manifests {

    private static final KubernetesSerialization READER = new KubernetesSerialization();

    private Manifests() {}

    static List<HasMetadata> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .flatMap(file -> read(text(file)).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<HasMetadata> read(String text) {
        return Arrays.stream(text.split("(?m)^---$", -1))
                .filter(document -> !document.isBlank())
                .map(document -> (HasMetadata) READER.unmarshal(document))
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<PodSpec> pods(List<HasMetadata> resources) {
        List<PodSpec> pods = new ArrayList<>();
        for (HasMetadata resource : resources) {
            if (resource instanceof Deployment deployment) {
                pods.add(deployment.getSpec().getTemplate().getSpec());
            } else if (resource instanceof StatefulSet set) {
                pods.add(set.getSpec().getTemplate().getSpec());
            }
        }
        return pods;
    }

    /** Paths of all fields that the models do not know; a kind they do not know is one of them. */
    static List<String> unknownFields(HasMetadata resource) {
        List<String> unknown = new ArrayList<>();
        if (resource instanceof GenericKubernetesResource) {
            unknown.add(resource.getApiVersion() + " " + resource.getKind());
        }
        collect(resource, resource.getKind(), unknown);
        return unknown;
    }

    private static void collect(Object value, String path, List<String> unknown) {
        switch (value) {
            case Collection<?> all -> all.forEach(each -> collect(each, path + "[]", unknown));
            case Map<?, ?> map -> map.values().forEach(each -> collect(each, path, unknown));
            default -> {
                if (value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
                    collectFields(value, path, unknown);
                }
            }
        }
    }

    private static void collectFields(Object model, String path, List<String> unknown) {
        for (Method getter : model.getClass().getMethods()) {
            boolean isField = getter.getParameterCount() == 0
                    && getter.getName().startsWith("get")
                    && !getter.getDeclaringClass().isInterface()
                    && getter.getDeclaringClass() != Object.class;
            if (!isField) {
                continue;
            }
            Object value = valueOf(getter, model);
            if (getter.getName().equals("getAdditionalProperties") && value instanceof Map<?, ?> left) {
                left.keySet().forEach(key -> unknown.add(path + "." + key));
            } else if (value != null) {
                collect(value, path + "." + getter.getName().substring("get".length()), unknown);
            }
        }
    }

    private static @Nullable Object valueOf(Method getter, Object model) {
        try {
            return getter.invoke(model);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + getter, e);
        }
    }
}
