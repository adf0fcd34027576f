package dev.roster.plan;

import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/** Scenes by seed: ordinary clusters, and clusters in which anything may be wrong at once. */
final class RandomScene {

    private final Random random;
    private final Scene scene;

    private RandomScene(long seed) {
        this(seed, new Scene());
    }

    private RandomScene(long seed, Scene scene) {
        this.random = new Random(seed);
        this.scene = scene;
    }

    /** A cluster as it should be: every worker a member with its data. */
    static Scene converged(long seed) {
        RandomScene it = new RandomScene(seed);
        int size = it.random.nextInt(12);
        for (int i = 1; i <= size; i++) {
            String host = "pg-" + i;
            it.scene.livingMember(i + 1, i, host, "70" + i);
            it.placements(i);
            if (it.random.nextBoolean()) {
                Reports report = Reports.ofGroup("70" + i, i);
                report.relation = Optional.of(true);
                report.lsn = "0/" + Integer.toHexString(it.random.nextInt(1 << 24));
                it.scene.answers(host, report);
            }
        }
        return it.scene;
    }

    /** Members that hold something beside members that hold nothing, shards are to be spread, and some things may not be well. */
    static Scene joined(long seed) {
        Scene scene = converged(seed);
        RandomScene it = new RandomScene(seed, scene);
        scene.settings = Settings.rebalancing();
        int some = 1 + it.random.nextInt(12);
        boolean isMember = scene.members.containsKey(new NodeId(some));
        String host = "pg-" + (some - 1);
        if (it.chance(30) && isMember) {
            scene.joined(some, Duration.ofSeconds(it.random.nextInt(60)));
        }
        if (it.chance(15)) {
            scene.worker("pg-20").answersBlank("pg-20", "7020");
        }
        if (it.chance(15)) {
            scene.worker("pg-21", it.pick(List.of(WorkerHealth.values())));
        }
        if (it.chance(15) && isMember) {
            scene.ordered(
                    it.pick(ORDERED_FOR_NODES), it.pick(List.of(Intent.Stage.values())), some, host, "70" + (some - 1));
        }
        if (it.chance(15) && isMember) {
            scene.unsynced(some);
        }
        if (it.chance(15) && isMember) {
            scene.isDead(host);
        }
        if (it.chance(15) && isMember) {
            scene.takesNoShards(some);
        }
        if (it.chance(15)) {
            scene.jobs.add(new RebalanceJob(90, it.pick(List.of(RebalanceJob.State.values())), List.of()));
        }
        if (it.chance(15)) {
            scene.joinsServed = Optional.of(new NodeId(some));
        }
        return scene;
    }

    /** A cluster in which each worker, node, member and server is in any state whatever, some passes old. */
    static Scene chaotic(long seed) {
        RandomScene it = new RandomScene(seed);
        int size = 1 + it.random.nextInt(10);
        for (int i = 1; i <= size; i++) {
            it.anything(i);
        }
        it.sources();
        it.settings();
        if (it.chance(10)) {
            it.scene.rebalance(it.pick(List.of(Intent.Stage.values())), 90);
            it.scene.jobs.add(new RebalanceJob(90, it.pick(List.of(RebalanceJob.State.values())), List.of()));
        }
        for (int passes = it.random.nextInt(3); passes > 0; passes--) {
            it.scene.later(Duration.ofSeconds(it.pick(List.of(1, 5, 61, 400))));
            it.server("pg-" + (1 + it.random.nextInt(size)), 1 + it.random.nextInt(size));
        }
        if (it.random.nextInt(4) == 0) {
            it.scene.memory = it.scene.remembered();
            it.scene.now = it.scene.now.plusSeconds(it.pick(List.of(4, 6, 61)));
        }
        return it.scene;
    }

    private static final List<Intent.Kind> ORDERED_FOR_NODES = Stream.of(Intent.Kind.values())
            .filter(kind -> kind != Intent.Kind.REBALANCE)
            .toList();

    /** The same observation with everything that has no order of its own in another order. */
    static Scene shuffled(Scene scene, long seed) {
        Random random = new Random(seed);
        List<Member> members = new ArrayList<>(scene.members.values());
        Collections.shuffle(members, random);
        scene.members.clear();
        members.forEach(member -> scene.members.put(member.node(), member));
        List<Node> nodes = new ArrayList<>(scene.nodes.values());
        Collections.shuffle(nodes, random);
        scene.nodes.clear();
        nodes.forEach(node -> scene.nodes.put(node.id(), node));
        // Which name of a server counts is told by the order of the sources, so there it means something.
        if (everyServerHasOneName(scene)) {
            Collections.shuffle(scene.docker, random);
            Collections.shuffle(scene.listed, random);
        }
        return scene;
    }

    private static boolean everyServerHasOneName(Scene scene) {
        Set<Object> servers = new HashSet<>();
        return scene.probes.values().stream()
                .filter(ProbeResult.Answered.class::isInstance)
                .map(probe -> ((ProbeResult.Answered) probe).report())
                .allMatch(report -> servers.add(List.of(report.identity(), report.startTime())));
    }

    private void anything(int i) {
        String host = "pg-" + i;
        if (chance(70)) {
            scene.node(i + 1, i, host);
            if (chance(15)) {
                scene.inactive(i + 1);
            }
            if (chance(10)) {
                scene.unsynced(i + 1);
            }
            if (chance(5)) {
                scene.secondary(i + 1, i, host);
            }
            placements(i);
            if (chance(75)) {
                scene.member(
                        i + 1,
                        "70" + i,
                        pick(List.of(Origin.ADDED, Origin.ADDED, Origin.ADOPTED)),
                        pick(List.of(Scene.DOCKER, Scene.DOCKER, Scene.LIST, new Scope("dns", "db"))));
                boolean mark = chance(50);
                scene.changeMember(i + 1, member -> member.withDisabledByRoster(mark));
            }
            if (chance(5)) {
                scene.nodes.remove(new NodeId(i + 1));
            }
        } else if (chance(40)) {
            scene.tombstone("70" + i, i, host, chance(50));
        }
        if (chance(20)) {
            scene.ordered(pick(ORDERED_FOR_NODES), pick(List.of(Intent.Stage.values())), i + 1, host, "70" + i);
            if (chance(30)) {
                scene.jobs.add(new RebalanceJob(
                        i + 1,
                        pick(List.of(RebalanceJob.State.values())),
                        List.of(new RebalanceJob.Task("running", random.nextInt(2), Optional.of("no")))));
            }
        }
        if (chance(60)) {
            scene.worker(host, chance(70) ? WorkerHealth.READY : pick(List.of(WorkerHealth.values())));
        }
        if (chance(25)) {
            scene.listed(host);
        }
        if (chance(5)) {
            scene.alsoPresent.add(Scene.at(host));
        }
        if (chance(92)) {
            server(host, i);
        }
        if (chance(15)) {
            copy(i);
        }
    }

    /** A second server with the data of the member, if it is one. */
    private void copy(int i) {
        String host = "copy-" + i;
        Reports report = Reports.ofGroup("70" + i, i);
        report.startTime = chance(30) ? Reports.BOOT : Reports.BOOT.plusSeconds(100);
        report.inRecovery = chance(30);
        if (chance(50)) {
            report.timeline = 2;
            report.forks = Map.of(1, pick(List.of("0/3000060", "0/3000000", "0/1000000")));
        }
        scene.worker(host).answers(host, report);
        if (chance(30)) {
            secondary(i, host);
        }
        if (chance(40)) {
            scene.isDead("pg-" + i);
        }
    }

    private void secondary(int i, String host) {
        scene.secondary(100 + i, i, host);
        if (chance(80)) {
            scene.member(100 + i, "70" + i, pick(List.of(Origin.ADDED, Origin.ADOPTED)), Scene.DOCKER);
        }
        if (chance(40)) {
            scene.unsighted(host).isDead(host);
        }
        if (chance(10)) {
            scene.answersBlank(host, "80" + i);
        }
    }

    private void server(String host, int i) {
        if (chance(30)) {
            scene.fails(host, pick(List.of(ProbeFailure.values())), "no");
            return;
        }
        Reports report = chance(50)
                ? Reports.ofGroup("70" + i, i)
                : pick(List.of(
                        Reports.blank("70" + i),
                        Reports.blank("80" + i),
                        Reports.ofGroup("80" + i, i),
                        Reports.ofGroup("90" + i, i)));
        if (report.identifier.startsWith("90")) {
            report.serverId = "server-70" + i;
        }
        report.startTime = chance(80) ? Reports.BOOT.plusSeconds(i) : Instant.parse("2030-01-01T11:00:00Z");
        report.relation = pick(List.of(Optional.empty(), Optional.of(true), Optional.of(true), Optional.of(false)));
        report.candidate = chance(80);
        report.inRecovery = chance(8);
        if (chance(8)) {
            report.ownPlacements = 4;
        }
        if (chance(8)) {
            report.coordinator = Optional.of("8888");
        }
        if (chance(5)) {
            report.clashing = List.of("public.d");
        }
        if (chance(5)) {
            report.extension = Optional.empty();
        }
        scene.answers(host, report);
    }

    private void placements(int group) {
        switch (random.nextInt(5)) {
            case 0 -> scene.holds(group, 8, 8, 1, 0);
            case 1 -> scene.holds(group, 8, 0, 1, 0);
            case 2 -> scene.holds(group, 0, 0, 1, 0);
            case 3 -> scene.holds(group, 0, 0, 1, 1);
            default -> scene.holds(group, 0, 0, 0, 0);
        }
    }

    private void sources() {
        if (chance(20)) {
            scene.dockerAnswer = Optional.of(
                    chance(50)
                            ? new Sighting.Unavailable("docker", scene.now, "away")
                            : new Sighting.Partial("docker", scene.now, scene.docker, "half of it"));
        }
        if (chance(20)) {
            scene.listAnswer = Optional.of(new Sighting.Partial("static", scene.now, scene.listed, "unreadable"));
        }
        if (chance(5)) {
            scene.dockerAnswer = Optional.of(new Sighting.Complete(
                    "docker",
                    scene.now,
                    Set.of(new Scope("docker", "engine B")),
                    scene.docker,
                    List.of(),
                    Set.of(),
                    true));
        }
    }

    private void settings() {
        scene.settings = switch (random.nextInt(8)) {
            case 0 -> Settings.withoutProbes();
            case 1 -> Settings.removing(PlanSettings.DepartureRemove.NEVER).disablingAfter(Duration.ofSeconds(5));
            case 2, 3 -> Settings.removing(PlanSettings.DepartureRemove.ABSENT).disablingAfter(Duration.ofSeconds(60));
            default -> PlanSettings.DEFAULTS;
        };
        if (chance(50)) {
            scene.settings = scene.settings.with(PlanSettings.Secondaries.REGISTER);
        }
        if (chance(50)) {
            scene.settings = scene.settings.with(PlanSettings.RebalanceOnJoin.START);
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
