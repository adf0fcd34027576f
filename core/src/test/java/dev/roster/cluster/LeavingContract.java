package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.ledger.Member;
import dev.roster.plan.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do to take nodes out of the cluster, or out of use and back.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class LeavingContract extends CatalogContract {

    @Nested
    @Tag("catalog")
    class Removing {

        @Test
        void anEmptyNodeLeavesATombstone() throws CoordinatorUnavailable {
            HostPort worker = added();
            Node node = nodeAt(worker);

            assertDone(catalog.perform(remove(node, false)));

            ClusterSnapshot after = catalog.snapshot();
            assertThat(after.nodes()).isEmpty();
            assertThat(after.ledger().members()).isEmpty();
            assertThat(after.ledger().tombstone(stage.identityOf(worker))).hasValueSatisfying(stone -> {
                assertThat(stone.node()).isEqualTo(node.id());
                assertThat(stone.address()).isEqualTo(worker);
                assertThat(stone.shouldHaveShards()).isTrue();
            });
        }

        @Test
        void andAddingAgainLiftsTheTombstone() throws CoordinatorUnavailable {
            HostPort worker = added();
            assertDone(catalog.perform(remove(nodeAt(worker), false)));

            assertDone(catalog.perform(add(worker)));

            assertThat(catalog.snapshot().ledger().tombstones()).isEmpty();
            assertThat(catalog.snapshot().ledger().members()).hasSize(1);
        }

        @Test
        void aNodeWithShardsIsRefusedAndKept() throws CoordinatorUnavailable {
            HostPort worker = added();
            stage.distributedTable("orders", 2);

            Outcome outcome = catalog.perform(remove(nodeAt(worker), false));

            Refusal refusal = assertRefused(outcome, Refusal.Situation.SOLE_PLACEMENT);
            assertThat(refusal.sentence()).contains(worker.toString());
            assertThat(nodeAt(worker).isActive()).isTrue();
            assertThat(catalog.snapshot().ledger().members()).hasSize(1);
        }

        @Test
        void aDeadNodeNeedsNobodyThere() throws CoordinatorUnavailable {
            HostPort kept = added();
            HostPort worker = added();
            Action remove = remove(nodeAt(worker), true);
            stage.stop(worker);

            assertDone(catalog.perform(remove));

            assertThat(catalog.snapshot().nodes()).extracting(Node::address).containsExactly(kept);
        }

        @Test
        void aDeadNodeWithReferenceTablesIsDisabledFirst() throws CoordinatorUnavailable {
            registerCoordinator();
            HostPort first = added();
            HostPort second = added();
            stage.referenceTable("countries");
            Action remove = remove(nodeAt(first), true);
            stage.stop(first);

            assertDone(catalog.perform(remove));

            assertThat(workers()).extracting(Node::address).containsExactly(second);
        }

        @Test
        void severalDeadNodesWithReferenceTablesGoOneAfterTheOther() throws CoordinatorUnavailable {
            registerCoordinator();
            List<HostPort> dead = List.of(added(), added());
            HostPort alive = added();
            stage.referenceTable("countries");
            dead.forEach(stage::stop);
            List<Outcome> answers = new ArrayList<>();

            for (int turn = 0; turn < 20 && workers().size() > 1; turn++) {
                for (HostPort address : dead) {
                    Optional<Node> node = catalog.snapshot().nodeAt(address);
                    if (node.isPresent()) {
                        answers.add(catalog.perform(remove(node.get(), true)));
                    }
                }
                stage.settle();
            }

            assertThat(workers()).extracting(Node::address).containsExactly(alive);
            assertThat(catalog.snapshot().ledger().members()).hasSize(1);
            assertThat(answers)
                    .as("the one that is only disabled for now is refused, with the other dead one as the reason")
                    .anySatisfy(answer -> {
                        Refusal refusal = assertRefused(answer, Refusal.Situation.OTHER_NODE_UNREACHABLE);
                        assertThat(refusal.sentence())
                                .contains(answer.action().address()
                                        + " is disabled now and will be removed once the other dead members are"
                                        + " disabled too");
                        assertThat(refusal.culprit()).isPresent();
                        assertThat(dead).contains(refusal.culprit().orElseThrow());
                    })
                    .noneMatch(Outcome.Outdated.class::isInstance);
        }

        @Test
        void whileAnotherMemberIsDeadNamesTheDeadOne() throws CoordinatorUnavailable {
            HostPort dead = added();
            HostPort worker = added();
            stage.stop(dead);

            Refusal refusal = assertRefused(
                    catalog.perform(remove(nodeAt(worker), false)), Refusal.Situation.OTHER_NODE_UNREACHABLE);

            assertThat(refusal.culprit()).contains(dead);
            assertThat(catalog.snapshot().nodes()).hasSize(2);
        }

        @Test
        void aNodeThatIsGoneIsForgotten() throws CoordinatorUnavailable {
            HostPort worker = added();
            Action remove = remove(nodeAt(worker), false);
            stage.removeByHand(worker);

            assertThat(catalog.perform(remove)).isInstanceOf(Outcome.AlreadyTrue.class);

            assertThat(catalog.snapshot().ledger().members()).isEmpty();
        }

        @Test
        void aRowThatChangedSinceIsLeft() throws CoordinatorUnavailable {
            HostPort worker = added();
            Node node = nodeAt(worker);
            Action remove = remove(node, false);
            stage.removeByHand(worker);
            stage.addByHand(worker);

            Outcome outcome = catalog.perform(remove);

            assertThat(outcome).isNotInstanceOf(Outcome.Done.class);
            assertThat(nodeAt(worker).id()).isNotEqualTo(node.id());
        }

        @Test
        void theCoordinatorsRowIsRefused() throws CoordinatorUnavailable {
            registerCoordinator();
            Node row = catalog.snapshot().nodeAt(stage.coordinator()).orElseThrow();
            Member member = member(row, Optional.empty());

            Outcome outcome = catalog.perform(new Action.RemoveNode(row, member, false, "by mistake"));

            assertRefused(outcome, Refusal.Situation.IS_COORDINATOR);
            assertThat(catalog.snapshot().coordinator().registered()).contains(stage.coordinator());
        }
    }

    @Nested
    @Tag("catalog")
    class DisablingAndActivating {

        @Test
        void theFirstWorkerIsDisabledMarkedAndActivatedAgain() throws CoordinatorUnavailable {
            HostPort only = added();

            assertDone(catalog.perform(new Action.DisableNode(nodeAt(only), memberOf(nodeAt(only)), "away")));

            assertThat(nodeAt(only).isActive()).isFalse();
            assertThat(memberOf(nodeAt(only)).disabledByRoster()).isTrue();

            stage.settle();
            assertDone(catalog.perform(new Action.ActivateNode(nodeAt(only), memberOf(nodeAt(only)), "back")));

            assertThat(nodeAt(only).isActive()).isTrue();
            assertThat(memberOf(nodeAt(only)).disabledByRoster()).isFalse();
        }

        @Test
        void aDeadNodeIsDisabledWithoutIt() throws CoordinatorUnavailable {
            added();
            HostPort worker = added();
            Node node = nodeAt(worker);
            Action disable = new Action.DisableNode(node, memberOf(node), "away");
            stage.stop(worker);

            assertDone(catalog.perform(disable));

            assertThat(nodeAt(worker).isActive()).isFalse();
            assertThat(catalog.perform(disable)).isInstanceOf(Outcome.AlreadyTrue.class);
        }

        @Test
        void onlyCopiesForbidIt() throws CoordinatorUnavailable {
            HostPort worker = added();
            stage.distributedTable("orders", 2);
            Node node = nodeAt(worker);

            assertRefused(
                    catalog.perform(new Action.DisableNode(node, memberOf(node), "away")),
                    Refusal.Situation.SOLE_PLACEMENT);
            assertThat(nodeAt(worker).isActive()).isTrue();
        }

        @Test
        void anotherServerAtTheAddressIsNotActivated() throws CoordinatorUnavailable {
            added();
            HostPort worker = added();
            Node node = nodeAt(worker);
            assertDone(catalog.perform(new Action.DisableNode(node, memberOf(node), "away")));
            stage.settle();
            Action activate = new Action.ActivateNode(nodeAt(worker), memberOf(node), "back");
            stage.wipe(worker);

            assertRefused(catalog.perform(activate), Refusal.Situation.IDENTITY_CHANGED);

            assertThat(nodeAt(worker).isActive()).isFalse();
        }
    }

    @Nested
    @Tag("catalog")
    class ReplicatedTables {

        @Test
        void areNamedWithTheGroupsThatHoldTheirCopies() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 4);
            stage.replicatedTable("payments", 2);

            for (HostPort worker : List.of(first, second)) {
                Placements carried =
                        catalog.snapshot().placementsOf(nodeAt(worker).group());
                assertThat(carried.distributed()).isEqualTo(4);
                assertThat(carried.soleDistributed()).isEqualTo(2);
                assertThat(carried.replicated()).isEqualTo(new Placements.Tables(List.of("public.payments"), 1));
            }
        }

        @Test
        void areNamedStillWhileTheirNodeIsDisabled() throws CoordinatorUnavailable {
            added();
            HostPort away = added();
            stage.replicatedTable("payments", 2);
            assertDone(catalog.perform(new Action.DisableNode(nodeAt(away), memberOf(nodeAt(away)), "away")));

            assertThat(catalog.snapshot()
                            .placementsOf(nodeAt(away).group())
                            .replicated()
                            .toString())
                    .isEqualTo("public.payments");
        }

        @Test
        void ofManyTheFirstFewAreNamed() throws CoordinatorUnavailable {
            HostPort first = added();
            added();
            IntStream.range(0, Placements.Tables.MOST_NAMED + 2).forEach(i -> stage.replicatedTable("table_" + i, 1));

            Placements.Tables tables =
                    catalog.snapshot().placementsOf(nodeAt(first).group()).replicated();

            assertThat(tables.named())
                    .hasSize(Placements.Tables.MOST_NAMED)
                    .isSorted()
                    .startsWith("public.table_0");
            assertThat(tables.count()).isEqualTo(Placements.Tables.MOST_NAMED + 2);
            assertThat(tables.toString()).endsWith(" and 2 more");
        }
    }

    @Nested
    @Tag("catalog")
    class ReplacingAnEmptyNode {

        @Test
        void removesTheOldAndAddsTheNewInOneTransaction() throws CoordinatorUnavailable {
            HostPort worker = added();
            stage.setShouldHaveShardsByHand(worker, false);
            Node old = nodeAt(worker);
            Member member = memberOf(old);
            stage.wipe(worker);
            Identity fresh = stage.identityOf(worker);

            assertDone(catalog.perform(
                    new Action.ReplaceEmptyNode(old, member, worker(worker), fresh, "it came back empty")));

            Node now = nodeAt(worker);
            assertThat(now.id()).isNotEqualTo(old.id());
            assertThat(now.shouldHaveShards()).isFalse();
            assertThat(memberOf(now).identity()).contains(fresh);
            assertThat(catalog.snapshot().ledger().members()).hasSize(1);
            assertThat(catalog.snapshot().ledger().tombstone(member.identity().orElseThrow()))
                    .isPresent();
        }

        @Test
        void keepsTheOldRowWhenTheServerIsNotTheOneProbed() throws CoordinatorUnavailable {
            HostPort worker = added();
            Node old = nodeAt(worker);

            Outcome outcome = catalog.perform(new Action.ReplaceEmptyNode(
                    old, memberOf(old), worker(worker), new Identity("42", "other"), "it came back empty"));

            assertRefused(outcome, Refusal.Situation.IDENTITY_CHANGED);
            assertThat(nodeAt(worker)).isEqualTo(old);
        }

        @Test
        void isRefusedOnceTheNodeHasShards() throws CoordinatorUnavailable {
            HostPort worker = added();
            Node old = nodeAt(worker);
            Member member = memberOf(old);
            stage.distributedTable("orders", 2);

            Outcome outcome = catalog.perform(new Action.ReplaceEmptyNode(
                    old, member, worker(worker), stage.identityOf(worker), "it came back empty"));

            assertRefused(outcome, Refusal.Situation.SOLE_PLACEMENT);
            assertThat(nodeAt(worker)).isEqualTo(old);
        }
    }
}
