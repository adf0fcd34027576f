package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What holds for every observation whatever: the laws as far as planning can break them. */
class PlannerPropertiesTest {

    private static final int MANY = 1_000;

    @Test
    void aConvergedClusterNeedsNothing() {
        Seeds.forEach(1_000, seed -> {
            Plan plan = RandomScene.converged(seed).filtered();

            assertThat(plan.actions()).isEmpty();
            assertThat(plan.withheld()).isEmpty();
            assertThat(plan.notes()).isEmpty();
            assertThat(plan.alarms()).isEmpty();
            assertThat(plan.verdicts())
                    .extracting(Verdict::situation)
                    .isSubsetOf(Situation.MEMBER, Situation.COORDINATOR_ROW);
        });
    }

    @Test
    void theOrderOfTheInputChangesNothing() {
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            Plan plan = scene.filtered();

            Plan again = RandomScene.shuffled(scene, seed).filtered();

            assertThat(again.actions()).isEqualTo(plan.actions());
            assertThat(again.verdicts()).isEqualTo(plan.verdicts());
            assertThat(again.withheld()).isEqualTo(plan.withheld());
            assertThat(again.notes()).containsExactlyInAnyOrderElementsOf(plan.notes());
        });
    }

    @Test
    void everyWorkerAndNodeHasOneVerdictWithASentence() {
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            Plan plan = scene.plan();

            Set<HostPort> expected = new HashSet<>();
            scene.sightings().workers().forEach(worker -> expected.add(worker.address()));
            scene.cluster().nodes().forEach(node -> expected.add(node.address()));
            assertThat(plan.verdicts()).extracting(Verdict::address).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(plan.verdicts())
                    .allSatisfy(verdict -> assertThat(verdict.sentence())
                            .isNotBlank()
                            .doesNotContain("Optional")
                            .doesNotContain("null")
                            .doesNotEndWith("."));
        });
    }

    @Test
    void everySituationIsMet() {
        Set<Situation> met = EnumSet.noneOf(Situation.class);
        for (long seed = 1; seed <= MANY; seed++) {
            RandomScene.chaotic(seed).plan().verdicts().forEach(verdict -> met.add(verdict.situation()));
        }

        // What the generator does not make up: the coordinator among the workers, and a metadata trouble of two
        // minutes.
        assertThat(EnumSet.complementOf(EnumSet.copyOf(met))).isSubsetOf(Situation.SELF, Situation.OUT_OF_SYNC);
    }

    /** Law 5: the same data writable in two places is an alarm, and what is followed has the group's data and is writable. */
    @Test
    void onlyWritableDataOfTheGroupIsFollowedAndNoTwin() {
        forEach(Action.UpdateNodes.class, (scene, update) -> {
            Action.Move move = update.moves().getFirst();
            ServerReport found = move.server().orElseThrow().report();
            assertThat(found.isWritable()).isTrue();
            assertThat(found.localGroup()).isEqualTo(move.node().group());
            assertThat(scene.probes.get(move.node().address()))
                    .satisfiesAnyOf(
                            old -> assertThat(old).isInstanceOf(ProbeResult.Failed.class),
                            old -> assertThat(((ProbeResult.Answered) old).report())
                                    .satisfiesAnyOf(
                                            report -> assertThat(report.inRecovery())
                                                    .isTrue(),
                                            report -> assertThat(report.identity())
                                                    .isNotEqualTo(found.identity()),
                                            report -> assertThat(report.localGroup())
                                                    .isNotEqualTo(found.localGroup())));
        });
    }

    /** Law 1: no shard is lost. */
    @Test
    void whatHoldsASoleCopyIsNeverRemovedReplacedOrDisabled() {
        forEachEnding((scene, ending) -> {
            Placements placements = scene.cluster().placementsOf(ending.groupForOrder());

            assertThat(placements.hasSoleCopies()).isFalse();
            if (!(ending instanceof Action.DisableNode)) {
                assertThat(placements.distributed()).isZero();
            }
        });
    }

    /** Law 1: no server is added before it was probed. */
    @Test
    void nobodyIsAddedUnprobedUnlessProbingIsOff() {
        forEach(Action.AddNode.class, (scene, add) -> {
            if (scene.settings.probe().isOn()) {
                ProbeResult probe = scene.observation().probes().get(add.address());
                assertThat(probe).isInstanceOfSatisfying(ProbeResult.Answered.class, answered -> {
                    assertThat(answered.report().identity())
                            .isEqualTo(add.identity().orElseThrow());
                    assertThat(Duration.between(answered.at(), scene.now)).isLessThanOrEqualTo(Duration.ofSeconds(5));
                    assertThat(answered.report().inRecovery()).isFalse();
                    var facts = answered.report().candidate().orElseThrow();
                    assertThat(facts.clashingTables()).isEmpty();
                    if (!answered.report().isBlank()) {
                        assertThat(facts.coordinatorIdentifier()).isNotEqualTo(Optional.of("8888"));
                    }
                    assertThat(facts.ownDistributedPlacements()).isZero();
                });
            }
        });
    }

    /** Law 2: absence of evidence is not evidence of absence. */
    @Test
    void onlyACompleteLookInItsScopeEndsAMember() {
        forEachEnding((scene, ending) -> {
            if (ending instanceof Action.ReplaceEmptyNode) {
                return;
            }
            Scope scope = memberOf(scene, ending).scope().orElseThrow();
            assertThat(scene.sightings().sources())
                    .anySatisfy(answer -> assertThat(answer)
                            .isInstanceOfSatisfying(
                                    Sighting.Complete.class,
                                    look -> assertThat(look.scopes()).contains(scope)));
            assertThat(scene.sightings().workers())
                    .noneMatch(worker -> worker.address().equals(ending.address()));
        });
    }

    /** Law 2: a member whose server still answers is not gone. */
    @Test
    void whatShowsLifeIsNeverRemovedOrDisabled() {
        forEachEnding((scene, ending) -> {
            if (ending instanceof Action.ReplaceEmptyNode) {
                return;
            }
            Member member = memberOf(scene, ending);
            ProbeResult probe = scene.observation().probes().get(ending.address());
            assertThat(probe).isNotNull();
            if (probe instanceof ProbeResult.Failed failed) {
                assertThat(failed.failure().showsLife()).isFalse();
            }
            if (probe instanceof ProbeResult.Answered answered) {
                assertThat(answered.report()
                                .identity()
                                .sameData(member.identity().orElseThrow()))
                        .isFalse();
            }
        });
    }

    /** Law 3: what Roster did not add, it does not remove. */
    @Test
    void onlyWhatRosterAddedIsRemoved() {
        forEach(Action.RemoveNode.class, (scene, remove) -> {
            if (remove.order().isEmpty()) {
                assertThat(memberOf(scene, remove).origin()).isEqualTo(Origin.ADDED);
            }
        });
    }

    /** Law 1: an order to remove is no order to lose. */
    @Test
    void noOrderRemovesTheOnlyCopyOfAShard() {
        forEach(
                Action.RemoveNode.class,
                (scene, remove) -> assertThat(!remove.isOfSecondary()
                                && scene.cluster()
                                        .placementsOf(remove.node().group())
                                        .hasSoleCopies())
                        .isFalse());
    }

    /** Only what is shown to be a standby of a member that is as it should be becomes a secondary, and only where that is wanted. */
    @Test
    void onlyAStandbyOfALivingMemberIsRegistered() {
        forEach(Action.RegisterSecondary.class, (scene, register) -> {
            assertThat(scene.settings.secondaries()).isEqualTo(PlanSettings.Secondaries.REGISTER);
            assertThat(register.primary().isCoordinator()).isFalse();
            assertThat(register.primary().isActivePrimary()).isTrue();
            assertThat(scene.nodes.values()).noneMatch(node -> node.address().equals(register.address()));
            ServerReport standby = answer(scene, register.address());
            ServerReport primary = answer(scene, register.primary().address());
            assertThat(standby.inRecovery()).isTrue();
            assertThat(primary.isWritable()).isTrue();
            assertThat(standby.identity().sameData(primary.identity())).isTrue();
            assertThat(standby.localGroup()).isEqualTo(register.primary().group());
        });
    }

    /** A secondary's row goes for a reason: its server is silent or another, or its group is not what it was. */
    @Test
    void aSecondaryThatFollowsItsPrimaryIsNeverUnregistered() {
        forEach(Action.RemoveNode.class, (scene, remove) -> {
            if (!remove.isOfSecondary() || remove.order().isPresent()) {
                return;
            }
            boolean hasPrimary = scene.nodes.values().stream()
                    .anyMatch(node -> node.role() == NodeRole.PRIMARY
                            && node.group().equals(remove.node().group()));
            Identity data = remove.member().identity().orElseThrow();
            boolean follows =
                    scene.observation().probes().get(remove.address()) instanceof ProbeResult.Answered answered
                            && answered.report().identity().sameData(data);
            boolean sameGroup = scene.nodes.values().stream()
                    .filter(node -> node.role() == NodeRole.PRIMARY
                            && node.group().equals(remove.node().group()))
                    .flatMap(node -> scene.cluster().ledger().member(node.id()).stream())
                    .flatMap(member -> member.identity().stream())
                    .allMatch(data::sameData);
            assertThat(hasPrimary && follows && sameGroup).isFalse();
        });
    }

    private static ServerReport answer(Scene scene, HostPort address) {
        return ((ProbeResult.Answered)
                        Objects.requireNonNull(scene.observation().probes().get(address)))
                .report();
    }

    /** An order that was cancelled changes nothing more but what it has to put back. */
    @Test
    void onlyAStandingOrderIsCarriedOut() {
        forEach(
                Action.StartDrain.class,
                (_, start) -> assertThat(start.order().stage()).isIn(Intent.Stage.ORDERED, Intent.Stage.RUNNING));
        forEach(
                Action.RemoveNode.class,
                (_, remove) -> remove.order()
                        .ifPresent(order -> assertThat(order.stage()).isNotEqualTo(Intent.Stage.CANCELLED)));
        forEach(
                Action.StopDrain.class,
                (_, stop) -> assertThat(stop.order().kind()).isEqualTo(Intent.Kind.DRAIN));
        forEach(
                Action.StopRebalance.class,
                (_, stop) -> assertThat(stop.order().stage()).isEqualTo(Intent.Stage.CANCELLED));
    }

    /** Citus runs one job at a time, and a drain's goes first. */
    @Test
    void aRebalanceIsNeverBegunBesideAnotherJobOrADrain() {
        forEach(Action.StartRebalance.class, (scene, start) -> {
            assertThat(start.order().stage()).isEqualTo(Intent.Stage.ORDERED);
            assertThat(scene.jobs).noneMatch(job -> job.state().isActive());
            if (Filters.wish(scene.plan(), scene.observation()).isPresent()) {
                assertThat(scene.settings.rebalanceOnJoin()).isEqualTo(PlanSettings.RebalanceOnJoin.START);
                return; // what only Roster wants waits in the filters
            }
            assertThat(scene.intents)
                    .noneMatch(order -> order.kind() == Intent.Kind.DRAIN
                            && (order.stage() == Intent.Stage.RUNNING || order.stage() == Intent.Stage.ORDERED));
        });
    }

    /** Shards are spread by themselves only for members that Roster added, and only in a cluster that is well. */
    @Test
    void aRebalanceOfRostersOwnBeginsOnlyInAClusterThatIsWell() {
        int[] begun = {0};
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.joined(seed);
            Plan plan = scene.filtered();
            if (Filters.wish(plan, scene.observation()).isEmpty()) {
                return;
            }
            begun[0]++;
            assertThat(plan.actions()).noneMatch(CoordinatorAddress::joins);
            assertThat(plan.verdicts()).noneMatch(verdict -> verdict.situation().weight() == Situation.Weight.ALARM);
            assertThat(scene.jobs).noneMatch(job -> job.state().isActive());
            assertThat(scene.intents).allMatch(order -> order.stage() == Intent.Stage.DONE);
            List<Node> primaries = scene.nodes.values().stream()
                    .filter(node -> node.isActivePrimary() && !node.isCoordinator())
                    .toList();
            assertThat(primaries).allMatch(Node::metadataSynced);
            assertThat(primaries).noneMatch(node -> scene.probes.get(node.address()) instanceof ProbeResult.Failed);
            assertThat(primaries).anyMatch(node -> placements(scene, node).distributed() > 1);
            List<Member> waiting = primaries.stream()
                    .filter(Node::shouldHaveShards)
                    .filter(node -> placements(scene, node).distributed() == 0)
                    .map(Node::id)
                    .filter(id -> scene.joinsServed
                            .filter(upTo -> id.compareTo(upTo) <= 0)
                            .isEmpty())
                    .map(scene.members::get)
                    .toList();
            assertThat(waiting).isNotEmpty();
            assertThat(scene.members.values())
                    .filteredOn(member -> scene.joinsServed
                            .filter(upTo -> member.node().compareTo(upTo) <= 0)
                            .isEmpty())
                    .allMatch(member -> !member.since().isAfter(scene.now.minusSeconds(30)));
        });
        if (Long.getLong("verify.seed") == null) {
            assertThat(begun[0]).isPositive();
        }
    }

    private static Placements placements(Scene scene, Node node) {
        return scene.cluster().placementsOf(node.group());
    }

    /** What a person wants left alone is left alone. */
    @Test
    void nothingIsDoneToWhatIsHeld() {
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            scene.intents.stream()
                    .filter(intent -> intent.kind() == Intent.Kind.HOLD && intent.stage() != Intent.Stage.CANCELLED)
                    .forEach(held -> assertThat(scene.filtered().actions())
                            .extracting(Action::address)
                            .doesNotContain(held.address()));
        });
    }

    /** Law 4: the same state gives the same plan, however often it is looked at. */
    @Test
    void theSameObservationGivesTheSamePlan() {
        Seeds.forEach(500, seed -> {
            Scene scene = RandomScene.chaotic(seed);

            assertThat(scene.filtered()).isEqualTo(scene.filtered());
        });
    }

    /** Law 5: a server has one name in the cluster. */
    @Test
    void aRunningServerIsNeverAddedUnderASecondName() {
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            Set<Object> servers = new HashSet<>();
            for (Action action : scene.plan().actions()) {
                if (action instanceof Action.AddNode add
                        && scene.settings.probe().isOn()
                        && scene.probes.get(add.address()) instanceof ProbeResult.Answered answered) {
                    assertThat(servers.add(List.of(
                                    answered.report().identity(),
                                    answered.report().startTime())))
                            .isTrue();
                }
            }
        });
    }

    @Test
    void theCoordinatorsRowIsNeverTouched() {
        Seeds.forEach(
                MANY,
                seed -> assertThat(RandomScene.chaotic(seed).plan().actions())
                        .filteredOn(action -> !action.concernsCluster())
                        .extracting(Action::address)
                        .doesNotContain(Scene.COORDINATOR));
    }

    @Test
    void neverMoreThanOneActionForAnAddress() {
        Seeds.forEach(
                MANY,
                seed -> assertThat(RandomScene.chaotic(seed).plan().actions())
                        .extracting(Action::address)
                        .doesNotHaveDuplicates());
    }

    @Test
    void whatIsWithheldAndWhatIsDoneAreTheWholePlan() {
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            Plan filtered = scene.filtered();

            assertThat(filtered.withheld().size() + filtered.actions().size())
                    .isEqualTo(scene.plan().actions().size());
            assertThat(filtered.withheld())
                    .allSatisfy(held -> assertThat(held.reason()).isNotBlank());
        });
    }

    private static Member memberOf(Scene scene, Action action) {
        return scene.members.values().stream()
                .filter(member -> scene.cluster()
                        .node(member.node())
                        .filter(node -> node.address().equals(action.address()))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static void forEachEnding(BiConsumer<Scene, Action> property) {
        forEach(Action.RemoveNode.class, (scene, remove) -> {
            if (remove.order().isEmpty() && !remove.isOfSecondary()) {
                property.accept(scene, remove);
            }
        });
        forEach(Action.DisableNode.class, property::accept);
        forEach(Action.ReplaceEmptyNode.class, property::accept);
    }

    /** Tries a property on every action of a kind; a generator that never leads to one would prove nothing. */
    private static <A extends Action> void forEach(Class<A> kind, BiConsumer<Scene, A> property) {
        int[] met = {0};
        Seeds.forEach(MANY, seed -> {
            Scene scene = RandomScene.chaotic(seed);
            scene.plan().actions().stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .forEach(action -> {
                        met[0]++;
                        property.accept(scene, action);
                    });
        });
        if (Long.getLong("verify.seed") == null) {
            assertThat(met[0])
                    .as("how often the generator led to " + kind.getSimpleName())
                    .isPositive();
        }
    }
}
