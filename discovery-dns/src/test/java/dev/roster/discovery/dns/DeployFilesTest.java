package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files under deploy/ that find workers by name say what the platforms and this source understand. */
class DeployFilesTest {

    private static final Path ROOT = Path.of("..");
    private static final Path KUBERNETES = ROOT.resolve("deploy/kubernetes");

    private final List<HasMetadata> manifests = Manifests.in(KUBERNETES);

    @Test
    void noManifestHasAFieldThatKubernetesDoesNotKnow() {
        assertThat(manifests).hasSizeGreaterThan(8);
        assertThat(manifests.stream().flatMap(manifest -> Manifests.unknownFields(manifest).stream()))
                .isEmpty();
    }

    @Test
    void aMisspeltFieldOrKindWouldBeFound() {
        String manifest = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: a}
                spec:
                  replcas: 2
                  template:
                    spec:
                      containers: [{name: b, readinesProbe: {}}]
                """;

        assertThat(Manifests.unknownFields(Manifests.read(manifest).getFirst()))
                .containsExactlyInAnyOrder(
                        "Deployment.Spec.replcas", "Deployment.Spec.Template.Spec.Containers[].readinesProbe");
        assertThat(Manifests.unknownFields(
                        Manifests.read("apiVersion: apps/v1\nkind: Deploymint\nmetadata: {name: a}\n")
                                .getFirst()))
                .contains("apps/v1 Deploymint");
    }

    @Test
    void kustomizationNamesEveryManifest() {
        String kustomization = Manifests.text(KUBERNETES.resolve("kustomization.yaml"));

        assertThat(Set.of("namespace", "coordinator", "workers", "roster", "network-policy"))
                .allMatch(name -> kustomization.contains("\n  - " + name + ".yaml\n"));
    }

    @Test
    void podsAreRestrictedAndKnowNothingOfTheClusterAroundThem() {
        List<PodSpec> pods = Manifests.pods(manifests);

        assertThat(pods).hasSize(3).allSatisfy(pod -> {
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getContainers()).allSatisfy(container -> {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getResources().getLimits()).containsKey("memory");
                assertThat(container.getReadinessProbe()).isNotNull();
                assertThat(volumesOf(pod)).containsAll(mountsOf(container).toList());
            });
        });
    }

    private static Set<String> volumesOf(PodSpec pod) {
        return Stream.concat(pod.getVolumes().stream().map(volume -> volume.getName()), Stream.of("data"))
                .collect(Collectors.toSet());
    }

    private static Stream<String> mountsOf(Container container) {
        return container.getVolumeMounts().stream().map(mount -> mount.getName());
    }

    @Test
    void theSettingsInTheManifestsFindTheWorkersOfTheStatefulSet() {
        Map<String, String> environment = Manifests.pods(manifests).stream()
                .flatMap(pod -> pod.getContainers().stream())
                .filter(container -> container.getName().equals("roster"))
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(
                        EnvVar::getName, variable -> variable.getValue().replace("$(NAMESPACE)", "citus")));
        StatefulSet workers = one(StatefulSet.class, "citus-worker");
        Service headless = one(Service.class, workers.getSpec().getServiceName());

        DnsSettings settings = Sources.settings(Map.of(
                "patterns", environment.get("ROSTER_DNS_PATTERNS"),
                "domain", environment.get("ROSTER_DNS_DOMAIN"),
                "interval", environment.get("ROSTER_DNS_INTERVAL")));

        assertThat(SoughtNames.of(settings, new ResolvConf(List.of(), List.of(), 1))
                        .names())
                .extracting(SoughtName::name)
                .contains(workers.getMetadata().getName() + "-0."
                        + headless.getMetadata().getName() + ".citus.svc.cluster.local")
                .hasSizeGreaterThanOrEqualTo(workers.getSpec().getReplicas());
        assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(headless.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(environment.get("CITUS_HOST"))
                .isEqualTo(one(Service.class, "citus-coordinator").getMetadata().getName());
    }

    private <T extends HasMetadata> T one(Class<T> type, String name) {
        return manifests.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(manifest -> manifest.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theRailwayImageIsTheImageWithoutWhatRailwayRefuses() {
        assertThat(instructions("deploy/railway/roster/Dockerfile"))
                .containsExactlyElementsOf(instructions("src/main/docker/Dockerfile.jvm").stream()
                        .filter(line -> !line.startsWith("VOLUME") && !line.startsWith("HEALTHCHECK"))
                        .toList());
    }

    private static List<String> instructions(String file) {
        return Manifests.text(ROOT.resolve(file))
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    @Test
    void everyServiceOfTheRailwayGuideHasItsFiles() {
        String guide = Manifests.text(ROOT.resolve("deploy/railway/README.md"));

        assertThat(List.of("coordinator", "worker", "roster")).allSatisfy(service -> {
            String settings = "deploy/railway/" + service + "/railway.json";
            assertThat(guide).contains(settings);
            assertThat(Manifests.text(ROOT.resolve(settings)))
                    .contains("\"dockerfilePath\": \"deploy/railway/" + service + "/Dockerfile\"");
            assertThat(Manifests.text(ROOT.resolve("deploy/railway/" + service + "/Dockerfile")))
                    .contains("FROM ");
        });
    }
}
