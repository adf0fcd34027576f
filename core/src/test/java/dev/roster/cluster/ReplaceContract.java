package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.Identity;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do when an empty server takes the place of one that is lost
 * for good. Run on the fake, on PostgreSQL with the Citus stand-in, and on real Citus.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class ReplaceContract extends OrderContract {

    private static final int MOST_STEPS = 20;

    @Nested
    @Tag("catalog")
    class APreview {

        @Test
        void namesPerTableWhatIsLostAndChangesNothing() throws CoordinatorUnavailable {
            added();
            HostPort lost = added();
            stage.distributedTable("orders", 4);
            stage.distributedTable("items", 6);
            stage.replicatedTable("twice", 3);
            stage.referenceTable("countries");
            stage.stop(lost);
            ClusterSnapshot before = catalog.snapshot();

            LossPreview preview = catalog.previewLoss(nodeAt(lost));

            assertThat(preview.tables())
                    .containsExactly(
                            new LossPreview.LostTable("public.items", 3, 6),
                            new LossPreview.LostTable("public.orders", 2, 4));
            assertThat(preview.shards()).isEqualTo(5);
            assertThat(preview.copied()).isEqualTo(4);
            assertThat(preview.hindrance()).isEmpty();
            assertThat(preview.names()).isEqualTo("public.items (3 of 6 shards), public.orders (2 of 4 shards)");
            assertThat(catalog.snapshot().nodes()).isEqualTo(before.nodes());
            assertThat(catalog.snapshot().placements()).isEqualTo(before.placements());
        }
    }

    @Nested
    @Tag("catalog")
    class ATakeOver {

        @Test
        void leadsTheRowToTheNewServerAndKeepsTheLostOneOut() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            Node row = nodeAt(lost);
            Member member = memberOf(row);
            HostPort fresh = stage.newServer();
            Placements carried = placementsOf(lost);

            assertDone(catalog.perform(takeOver(ordered(lost, fresh), fresh)));

            assertThat(catalog.snapshot().nodeAt(lost)).isEmpty();
            Node now = nodeAt(fresh);
            assertThat(now.id()).isEqualTo(row.id());
            assertThat(now.group()).isEqualTo(row.group());
            assertThat(placementsOf(fresh)).isEqualTo(carried);
            assertThat(memberOf(now).identity()).contains(stage.identityOf(fresh));
            assertThat(memberOf(now).address()).isEqualTo(fresh);
            assertThat(orderFor(row.id()).orElseThrow().stage()).isEqualTo(Stage.RUNNING);
            assertThat(keptOut()).hasValueSatisfying(kept -> {
                assertThat(kept.stage()).isEqualTo(Stage.DONE);
                assertThat(kept.address()).isEqualTo(lost);
                assertThat(kept.identity()).isEqualTo(member.identity());
            });
        }

        @Test
        void isRefusedWhileTheLostServerAnswers() throws CoordinatorUnavailable {
            added();
            HostPort alive = added();
            stage.distributedTable("orders", 4);
            HostPort fresh = stage.newServer();

            assertRefused(catalog.perform(takeOver(ordered(alive, fresh), fresh)), Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(alive)).isPresent();
            assertThat(orderFor(nodeAt(alive).id()).orElseThrow().stage()).isEqualTo(Stage.ORDERED);
        }

        @Test
        void isRefusedWhileAnEmptyServerAnswersThatMayBeTheLostOne() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            Intent order = ordered(lost, fresh);
            stage.wipeToImage(lost);
            seenLast(lost, stage.reportOf(lost).startTime());

            assertRefused(catalog.perform(takeOver(order, fresh)), Situation.IDENTITY_CHANGED);
            assertRefused(catalog.perform(takeOver(order, lost)), Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(lost)).isPresent();
        }

        @Test
        void worksThoughAnEmptyServerOfTheSameImageAnswersAtTheLostOnesAddress() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            Node row = nodeAt(lost);
            HostPort fresh = stage.newServer();
            Intent order = ordered(lost, fresh);
            stage.wipeToImage(lost);
            seenLast(lost, stage.reportOf(lost).startTime().minusSeconds(60));

            assertDone(catalog.perform(takeOver(order, fresh)));

            assertThat(nodeAt(fresh).id()).isEqualTo(row.id());
        }

        @Test
        void isRefusedWhenAnotherServerAnswersThanTheOneProbed() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            Identity probed = new Identity("7", "another");

            assertRefused(catalog.perform(takeOver(ordered(lost, fresh), fresh, probed)), Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(lost)).isPresent();
            assertThat(catalog.snapshot().nodeAt(fresh)).isEmpty();
        }

        @Test
        void isRefusedWhenTheNewServerDoesNotAnswer() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            Identity identity = stage.identityOf(fresh);
            stage.stop(fresh);

            assertRefused(catalog.perform(takeOver(ordered(lost, fresh), fresh, identity)), Situation.NODE_UNREACHABLE);

            assertThat(catalog.snapshot().nodeAt(lost)).isPresent();
        }

        @Test
        void isRefusedWhileAnotherServerHasTheData() throws CoordinatorUnavailable {
            added();
            HostPort alive = added();
            stage.distributedTable("orders", 4);
            HostPort nobody = stage.unfitServer(CatalogStage.Fault.REFUSED);
            stage.misregister(alive, nobody);
            HostPort fresh = stage.newServer();
            Intent order = ordered(nobody, fresh);

            assertRefused(
                    catalog.perform(takeOver(order, fresh, stage.identityOf(fresh), List.of(alive))),
                    Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(nobody)).isPresent();
            assertThat(catalog.snapshot().nodeAt(fresh)).isEmpty();
        }

        @Test
        void isRefusedForAServerThatIsNotEmptyAnyMore() throws CoordinatorUnavailable {
            HostPort other = added();
            HostPort lost = lostWithShards();

            assertRefused(catalog.perform(takeOver(ordered(lost, other), other)), Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(lost)).isPresent();
            assertThat(catalog.snapshot().nodeAt(other)).isPresent();
        }

        @Test
        void isOutdatedOnceNothingIsLostAnyMore() throws CoordinatorUnavailable {
            added();
            HostPort gone = added();
            stage.referenceTable("countries");
            stage.stop(gone);
            HostPort fresh = stage.newServer();

            assertThat(catalog.perform(takeOver(ordered(gone, fresh), fresh))).isInstanceOf(Outcome.Outdated.class);
            assertThat(catalog.snapshot().nodeAt(gone)).isPresent();
        }

        @Test
        void isOutdatedOnceItIsCancelled() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            Intent order = ordered(lost, fresh);
            catalog.record(List.of(new LedgerChange.CancelIntent(order.subject())));

            assertThat(catalog.perform(takeOver(order, fresh))).isInstanceOf(Outcome.Outdated.class);
            assertThat(catalog.snapshot().nodeAt(lost)).isPresent();
        }
    }

    @Nested
    @Tag("catalog")
    class ARebuild {

        @Test
        void endsWithEveryShardInItsPlaceAndNodeChangesPossible() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            Placements carried = placementsOf(lost);
            assertDone(catalog.perform(takeOver(ordered(lost, fresh), fresh)));

            String told = rebuilt(fresh);

            assertThat(told).contains("all 6 shards are there");
            assertThat(placementsOf(fresh)).isEqualTo(carried);
            assertThat(orderFor(nodeAt(fresh).id())).isEmpty();
            assertThat(keptOut()).isPresent();
            added();
        }

        @Test
        void goesOnWhenAnotherRosterTakesEachStep() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            assertDone(stage.another().perform(takeOver(ordered(lost, fresh), fresh)));

            rebuilt(fresh, true);

            assertThat(orderFor(nodeAt(fresh).id())).isEmpty();
            added();
        }

        @Test
        void worksForAnEmptyServerAtTheSameAddress() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            Node row = nodeAt(lost);
            Intent order = ordered(lost, lost);
            stage.wipe(lost);

            assertDone(catalog.perform(takeOver(order, lost)));
            rebuilt(lost);

            assertThat(nodeAt(lost).id()).isEqualTo(row.id());
            assertThat(memberOf(nodeAt(lost)).identity()).contains(stage.identityOf(lost));
            added();
        }

        @Test
        void worksForAnEmptyServerOfTheSameImageAtTheSameAddress() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            Node row = nodeAt(lost);
            Optional<Identity> identity = memberOf(row).identity();
            Intent order = ordered(lost, lost);
            stage.wipeToImage(lost);
            seenLast(lost, stage.reportOf(lost).startTime().minusSeconds(60));
            assertThat(identity.orElseThrow().sameData(stage.identityOf(lost))).isTrue();

            assertDone(catalog.perform(takeOver(order, lost)));
            rebuilt(lost);

            assertThat(nodeAt(lost).id()).isEqualTo(row.id());
            added();
        }

        @Test
        void isRefusedWhileTheNewServerIsDownAndGoesOnAfterwards() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            assertDone(catalog.perform(takeOver(ordered(lost, fresh), fresh)));
            stage.settle();
            stage.stop(fresh);

            assertRefused(catalog.perform(rebuild(fresh)), Situation.NODE_UNREACHABLE);
            stage.start(fresh);

            rebuilt(fresh);
        }

        @Test
        void isRefusedWhenAnotherServerStandsThereByThen() throws CoordinatorUnavailable {
            added();
            HostPort lost = lostWithShards();
            HostPort fresh = stage.newServer();
            assertDone(catalog.perform(takeOver(ordered(lost, fresh), fresh)));
            stage.settle();
            stage.wipe(fresh);

            assertRefused(catalog.perform(rebuild(fresh)), Situation.IDENTITY_CHANGED);
        }
    }

    @Nested
    @Tag("rows")
    class Rows {

        @BeforeEach
        void needRows() {
            assumeTrue(stage.keepsRows(), "needs real Citus: the stand-in keeps no rows");
        }

        @Test
        void ofOtherShardsAreUntouchedAndEverythingWorksAgain() throws CoordinatorUnavailable {
            List<HostPort> kept = List.of(added(), added());
            HostPort lost = added();
            ReplaceScene scene = new ReplaceScene(stage);
            scene.make();
            ReplaceScene.Counts before = scene.counts();
            ReplaceScene.Counts elsewhere = scene.countsOn(kept);
            List<String> shards = scene.definitionsOn(lost);
            stage.stop(lost);
            HostPort fresh = stage.newServer();

            assertDone(catalog.perform(takeOver(ordered(lost, fresh), fresh)));
            rebuilt(fresh);

            ReplaceScene.Counts after = scene.counts();
            assertThat(after.distributed()).isEqualTo(elsewhere.distributed());
            assertThat(after.reference()).isEqualTo(before.reference());
            assertThat(after.replicated()).isEqualTo(before.replicated());
            assertThat(scene.definitionsOn(fresh)).isEqualTo(shards);
            assertThat(stage.query(fresh, "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster_replacement'"))
                    .isEqualTo("0");
            scene.useEverything();
            added();
            scene.dropEverything();
            System.out.println("Replaced on " + stage.query(stage.coordinator(), "SELECT citus_version()") + ": before "
                    + before + ", after " + after + ", " + shards.size() + " relations made anew as they were");
        }
    }

    /** A member with two shards of each of two tables, a reference table and one shard of a replicated one; its server is stopped. */
    private HostPort lostWithShards() throws CoordinatorUnavailable {
        HostPort lost = added();
        stage.distributedTable("orders", 4);
        stage.distributedTable("items", 4);
        stage.replicatedTable("twice", 1);
        stage.referenceTable("countries");
        stage.settle();
        stage.stop(lost);
        return lost;
    }

    private String rebuilt(HostPort fresh) throws CoordinatorUnavailable {
        return rebuilt(fresh, false);
    }

    private String rebuilt(HostPort fresh, boolean byOthers) throws CoordinatorUnavailable {
        String told = "";
        for (int step = 0; step < MOST_STEPS; step++) {
            stage.settle();
            Optional<Intent> order = orderFor(nodeAt(fresh).id());
            if (order.isEmpty()) {
                return told;
            }
            Outcome outcome = (byOthers ? stage.another() : catalog).perform(rebuild(fresh));
            assertDone(outcome);
            told = outcome.sentence();
        }
        throw new AssertionError("not rebuilt after " + MOST_STEPS + " steps: " + told);
    }

    private Action.RebuildShards rebuild(HostPort fresh) throws CoordinatorUnavailable {
        Node node = nodeAt(fresh);
        return new Action.RebuildShards(
                node, memberOf(node), orderFor(node.id()).orElseThrow(), "ordered by " + PERSON);
    }

    private Action.TakeOver takeOver(Intent order, HostPort target) throws CoordinatorUnavailable {
        return takeOver(order, target, stage.identityOf(target));
    }

    private Action.TakeOver takeOver(Intent order, HostPort target, Identity identity) throws CoordinatorUnavailable {
        return takeOver(order, target, identity, List.of());
    }

    private Action.TakeOver takeOver(Intent order, HostPort target, Identity identity, List<HostPort> others)
            throws CoordinatorUnavailable {
        Node node = nodeAt(order.address());
        return new Action.TakeOver(
                node,
                memberOf(node),
                order,
                worker(target),
                identity,
                Optional.empty(),
                others,
                "ordered by " + PERSON);
    }

    /** The ledger knows since when the member's server ran when it was last seen. */
    private void seenLast(HostPort lost, Instant start) throws CoordinatorUnavailable {
        Member member = memberOf(nodeAt(lost));
        catalog.record(List.of(new LedgerChange.PutMember(new Member(
                member.node(),
                member.group(),
                member.address(),
                member.identity(),
                member.origin(),
                member.scope(),
                member.since(),
                Optional.of(new Member.LastSeen(start, false, 1, "0/3000000")),
                false,
                member.aliases()))));
    }

    private Intent ordered(HostPort lost, HostPort target) throws CoordinatorUnavailable {
        return given(order(Kind.REPLACE, lost, TransferMode.AUTO, Optional.of(target)));
    }

    private Optional<Intent> orderFor(NodeId node) throws CoordinatorUnavailable {
        return catalog.snapshot().ledger().intents().stream()
                .filter(intent -> intent.node().equals(Optional.of(node)))
                .findFirst();
    }

    private Optional<Intent> keptOut() throws CoordinatorUnavailable {
        return catalog.snapshot().ledger().intents().stream()
                .filter(intent -> intent.node().isEmpty())
                .findFirst();
    }
}
