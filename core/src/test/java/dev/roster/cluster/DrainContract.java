package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal.Situation;
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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do for a person's orders, above all for a drain, whose moves
 * Citus makes in the background. Run on the fake, on PostgreSQL with the Citus stand-in, and on real Citus.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class DrainContract extends OrderContract {

    private static final long FIRST_WRITTEN = 1_000_000;

    @Nested
    @Tag("catalog")
    class APreview {

        @Test
        void namesTheMovesAndChangesNothing() throws CoordinatorUnavailable {
            HostPort kept = added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");
            ClusterSnapshot before = catalog.snapshot();

            DrainPreview preview = catalog.previewDrain(nodeAt(leaving));

            assertThat(preview.refusal()).isEmpty();
            assertThat(preview.tablesWithoutIdentity()).isEmpty();
            assertThat(preview.walLevel()).contains("logical");
            assertThat(preview.moves()).hasSize(2).allSatisfy(move -> {
                assertThat(move.table()).isEqualTo("public.orders");
                assertThat(move.shard()).isPositive();
                assertThat(move.source()).isEqualTo(leaving);
                assertThat(move.target()).isEqualTo(kept);
            });
            assertThat(catalog.snapshot().nodes()).isEqualTo(before.nodes());
            assertThat(catalog.snapshot().placements()).isEqualTo(before.placements());
            assertThat(catalog.snapshot().ledger().intents()).isEmpty();
        }

        @Test
        void namesTheTablesThatLogicalReplicationCannotCopy() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            stage.tableWithoutIdentity("clicks", 4);

            DrainPreview preview = catalog.previewDrain(nodeAt(leaving));

            assertThat(preview.tablesWithoutIdentity()).containsExactly("public.clicks");
            assertThat(preview.refusal()).isEmpty();
        }

        @Test
        void eachShardsSizeIsToldSeparately() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            Set<Long> shards = catalog.previewDrain(nodeAt(leaving)).moves().stream()
                    .map(DrainPreview.Move::shard)
                    .collect(Collectors.toSet());

            assertThat(catalog.shardSizes(shards))
                    .containsOnlyKeys(shards)
                    .allSatisfy((_, bytes) -> assertThat(bytes).isPositive());
            assertThat(catalog.shardSizes(Set.of())).isEmpty();
        }

        @Test
        void tellsWhyCitusWouldRefuse() throws CoordinatorUnavailable {
            HostPort only = added();
            stage.distributedTable("orders", 2);

            DrainPreview preview = catalog.previewDrain(nodeAt(only));

            assertThat(preview.moves()).isEmpty();
            assertThat(preview.refusal()).hasValueSatisfying(hindrance -> {
                assertThat(hindrance.sentence()).contains("other node");
                assertThat(hindrance.remedy()).contains("add a worker");
            });
            assertThat(nodeAt(only).shouldHaveShards()).isTrue();
        }
    }

    @Nested
    @Tag("catalog")
    class ADrain {

        @Test
        void movesAllShardsAwayInTheBackground() throws CoordinatorUnavailable {
            HostPort kept = added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");

            Intent running = started(ordered(Kind.DRAIN, leaving));

            assertThat(nodeAt(leaving).shouldHaveShards()).isFalse();
            RebalanceJob begun = job(running);
            assertThat(begun.tasks()).hasSize(2);
            RebalanceJob ended = awaitEnd(running);
            assertThat(ended.state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(ended.done()).isEqualTo(2);
            assertThat(ended.trouble()).isEmpty();
            assertThat(placementsOf(leaving).distributed()).isZero();
            assertThat(placementsOf(leaving).isEmptyEnoughToRemove()).isTrue();
            assertThat(placementsOf(kept).soleDistributed()).isEqualTo(4);
        }

        @Test
        void ofAnEmptyNodeNeedsNoJob() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 2);
            HostPort leaving = added();

            Intent running = startedWithoutJob(ordered(Kind.DRAIN, leaving));

            assertThat(running.job()).isEmpty();
            assertThat(nodeAt(leaving).shouldHaveShards()).isFalse();
            assertThat(catalog.snapshot().rebalances()).isEmpty();
        }

        @Test
        void isRefusedWhileAnotherRuns() throws CoordinatorUnavailable {
            added();
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 36);
            started(ordered(Kind.DRAIN, first));

            Outcome outcome = catalog.perform(start(ordered(Kind.DRAIN, second)));

            assertRefused(outcome, Situation.REBALANCE_RUNNING);
            assertThat(nodeAt(second).shouldHaveShards()).isTrue();
            assertThat(intentOf(second).stage()).isEqualTo(Stage.ORDERED);
        }

        @Test
        void isRefusedForATableWithoutKeyUnlessWritersMayWait() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.tableWithoutIdentity("clicks", 2);

            assertRefused(catalog.perform(start(ordered(Kind.DRAIN, leaving))), Situation.NO_REPLICA_IDENTITY);
            assertThat(nodeAt(leaving).shouldHaveShards()).isTrue();

            catalog.record(List.of(new LedgerChange.LiftIntent(intentOf(leaving).subject())));
            Intent running = started(ordered(Kind.DRAIN, leaving, TransferMode.BLOCK_WRITES));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(placementsOf(leaving).distributed()).isZero();
        }

        @Test
        void isRefusedForTheLastNodeThatTakesShards() throws CoordinatorUnavailable {
            HostPort only = added();
            stage.distributedTable("orders", 2);

            Outcome outcome = catalog.perform(start(ordered(Kind.DRAIN, only)));

            assertRefused(outcome, Situation.NO_TARGET);
            assertThat(nodeAt(only).shouldHaveShards()).isTrue();
            assertThat(intentOf(only).stage()).isEqualTo(Stage.ORDERED);
        }

        @Test
        void doesNotBeginOnceItIsCancelled() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            Action start = start(ordered(Kind.DRAIN, leaving));
            cancel(leaving);

            assertThat(catalog.perform(start)).isInstanceOf(Outcome.Outdated.class);

            assertThat(nodeAt(leaving).shouldHaveShards()).isTrue();
            assertThat(intentOf(leaving).stage()).isEqualTo(Stage.CANCELLED);
        }
    }

    @Nested
    @Tag("catalog")
    class AStop {

        @Test
        void leavesTheJobOfAnotherAlone() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 16);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            Intent strange = running.running(running.job().map(id -> id + 100));

            assertThat(catalog.perform(stop(strange, false))).isInstanceOf(Outcome.AlreadyTrue.class);

            assertThat(stage.another().snapshot().nodes()).isNotEmpty();
            catalog.record(List.of(new LedgerChange.UpdateIntent(running)));
            assertThat(job(running).state().isActive()).isTrue();
        }

        @Test
        void endsItsOwnJobAndKeepsTheOrder() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 16);
            Intent running = started(ordered(Kind.DRAIN, leaving));

            assertDone(catalog.perform(stop(running, false)));

            Intent kept = intentOf(leaving);
            assertThat(kept.stage()).isEqualTo(Stage.ORDERED);
            assertThat(kept.job()).isEmpty();
            assertThat(nodeAt(leaving).shouldHaveShards()).isFalse();
            catalog.record(List.of(new LedgerChange.UpdateIntent(running)));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.CANCELLED);
            assertThat(placementsOf(leaving).distributed()).isPositive();
        }

        @Test
        void ofACancelledDrainPutsThePropertyBackAndLiftsTheOrder() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 16);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            cancel(leaving);

            assertDone(catalog.perform(stop(intentOf(leaving), false)));
            assertThat(intentOf(leaving).stage()).isEqualTo(Stage.CANCELLED);
            assertDone(catalog.perform(stop(intentOf(leaving), true)));

            assertThat(nodeAt(leaving).shouldHaveShards()).isTrue();
            assertThat(catalog.snapshot().ledger().intents()).isEmpty();
            assertThat(running.shouldHaveShards()).isTrue();
        }

        @Test
        void ofAFailedDrainPutsThePropertyBackAndTellsWhy() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 2);
            HostPort leaving = added();
            Intent running = startedWithoutJob(ordered(Kind.DRAIN, leaving));

            assertDone(catalog.perform(
                    new Action.StopDrain(nodeAt(leaving), running, true, Optional.of("disk full"), "given up")));

            assertThat(nodeAt(leaving).shouldHaveShards()).isTrue();
            assertThat(intentOf(leaving).stage()).isEqualTo(Stage.FAILED);
            assertThat(intentOf(leaving).note()).contains("disk full");
        }
    }

    @Nested
    @Tag("catalog")
    class AnOrderedRemoval {

        @Test
        void endsADrainAndKeepsTheServerOut() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");
            Node node = nodeAt(leaving);
            Member member = memberOf(node);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            awaitEnd(running);
            stage.settle();

            assertDone(catalog.perform(
                    new Action.RemoveNode(nodeAt(leaving), member, false, Optional.of(running), "drained")));

            ClusterSnapshot after = catalog.snapshot();
            assertThat(after.nodeAt(leaving)).isEmpty();
            assertThat(after.ledger().members()).hasSize(1);
            assertThat(after.ledger().tombstone(member.identity().orElseThrow()))
                    .hasValueSatisfying(stone -> {
                        assertThat(stone.removedBy()).isEqualTo(PERSON);
                        assertThat(stone.shouldHaveShards()).isTrue();
                    });
            assertThat(after.ledger().intents())
                    .singleElement()
                    .satisfies(intent -> assertThat(intent.stage()).isEqualTo(Stage.DONE));
        }

        @Test
        void waitsUntilCitusHasDroppedTheTablesOfShardsThatMovedAway() throws Exception {
            HostPort kept = added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            String table = tableOf(catalog.previewDrain(nodeAt(leaving)).moves().getFirst());
            HostPort other = added();
            AutoCloseable reader = stage.reading(leaving, table);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.FINISHED);
            stage.settle();

            Outcome refused = catalog.perform(drained(leaving, false, running));

            assertRefused(refused, Situation.LEFTOVERS);
            assertThat(((Outcome.Refused) refused).refusal().sentence()).contains("still to drop", table);
            assertThat(stage.hasTable(leaving, table)).isTrue();
            reader.close();
            assertDone(catalog.perform(drained(leaving, false, running)));
            assertThat(stage.hasTable(leaving, table)).isFalse();

            Intent next = started(ordered(Kind.DRAIN, kept));
            RebalanceJob ended = awaitEnd(next);
            assertThat(ended.trouble()).isEmpty();
            assertThat(ended.state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(placementsOf(other).soleDistributed()).isEqualTo(4);
        }

        @Test
        void ofADeadServerTellsThatItsShardsCannotBeMovedUntilThatIsForgotten() throws Exception {
            HostPort kept = added();
            HostPort leaving = added();
            stage.distributedTable("orders", 2);
            String table = tableOf(catalog.previewDrain(nodeAt(leaving)).moves().getFirst());
            AutoCloseable reader = stage.reading(leaving, table);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.FINISHED);
            stage.settle();
            Action.RemoveNode removal = drained(leaving, true, running);
            stage.stop(leaving);

            Outcome done = catalog.perform(removal);

            assertDone(done);
            assertThat(((Outcome.Done) done).warnings())
                    .anySatisfy(words -> assertThat(words).contains(table));
            reader.close();

            HostPort other = added();
            Intent next = started(ordered(Kind.DRAIN, kept));
            awaitTrouble(next, "could not be cleaned up");
            stage.forgetLeftoversOfNodesThatAreGone();
            assertThat(awaitEnd(next).state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(placementsOf(other).soleDistributed()).isEqualTo(2);
        }

        /** Citus drops by name on whoever answers at the row's address. */
        @Test
        void ofAServerThatIsAnotherByNowHasNothingDroppedThere() throws Exception {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 2);
            String table = tableOf(catalog.previewDrain(nodeAt(leaving)).moves().getFirst());
            AutoCloseable reader = stage.reading(leaving, table);
            Intent running = started(ordered(Kind.DRAIN, leaving));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.FINISHED);
            stage.settle();
            Action.RemoveNode removal = drained(leaving, false, running);
            stage.wipe(leaving);
            reader.close();

            assertRefused(catalog.perform(removal), Situation.IDENTITY_CHANGED);

            assertThat(catalog.snapshot().nodeAt(leaving)).isPresent();
        }

        private Action.RemoveNode drained(HostPort leaving, boolean isDead, Intent order)
                throws CoordinatorUnavailable {
            Node node = nodeAt(leaving);
            return new Action.RemoveNode(node, memberOf(node), isDead, Optional.of(order), "drained");
        }

        private String tableOf(DrainPreview.Move move) {
            return move.table().substring("public.".length()) + "_" + move.shard();
        }

        private void awaitTrouble(Intent order, String words) throws CoordinatorUnavailable {
            while (job(order)
                    .trouble()
                    .filter(trouble -> trouble.contains(words))
                    .isEmpty()) {
                stage.letShardsMove();
            }
        }

        @Test
        void takesCopiesThatExistElsewhereWithIt() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            added();
            stage.replicatedTable("payments", 3);
            assertThat(placementsOf(leaving).distributed()).isPositive();

            assertDone(catalog.perform(remove(ordered(Kind.REMOVE, leaving))));

            assertThat(catalog.snapshot().nodeAt(leaving)).isEmpty();
            assertThat(catalog.snapshot().placements().values())
                    .extracting(Placements::distributed)
                    .containsExactlyInAnyOrder(2, 2);
        }

        @Test
        void isRefusedForTheOnlyCopyOfAShard() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);

            Outcome outcome = catalog.perform(remove(ordered(Kind.REMOVE, leaving)));

            assertRefused(outcome, Situation.SOLE_PLACEMENT);
            assertThat(catalog.snapshot().nodeAt(leaving)).isPresent();
            assertThat(intentOf(leaving).stage()).isEqualTo(Stage.ORDERED);
        }

        @Test
        void doesNotHappenOnceItIsCancelled() throws CoordinatorUnavailable {
            added();
            HostPort leaving = added();
            Action remove = remove(ordered(Kind.REMOVE, leaving));
            cancel(leaving);

            assertThat(catalog.perform(remove)).isInstanceOf(Outcome.Outdated.class);

            assertThat(catalog.snapshot().nodeAt(leaving)).isPresent();
        }
    }

    @Nested
    @Tag("catalog")
    class AnOrderedActivation {

        @Test
        void isOverWithTheOrder() throws CoordinatorUnavailable {
            HostPort worker = disabled();
            Intent order = ordered(Kind.ACTIVATE, worker);

            assertDone(catalog.perform(activate(worker, order)));

            assertThat(nodeAt(worker).isActive()).isTrue();
            assertThat(catalog.snapshot().ledger().intents()).isEmpty();
        }

        @Test
        void doesNotHappenOnceItIsCancelled() throws CoordinatorUnavailable {
            HostPort worker = disabled();
            Action activate = activate(worker, ordered(Kind.ACTIVATE, worker));
            cancel(worker);

            assertThat(catalog.perform(activate)).isInstanceOf(Outcome.Outdated.class);

            assertThat(nodeAt(worker).isActive()).isFalse();
        }

        private HostPort disabled() throws CoordinatorUnavailable {
            added();
            HostPort worker = added();
            stage.disableByHand(worker);
            stage.settle();
            return worker;
        }

        private Action activate(HostPort worker, Intent order) throws CoordinatorUnavailable {
            Node node = nodeAt(worker);
            return new Action.ActivateNode(node, memberOf(node), Optional.of(order), "ordered");
        }
    }

    @Nested
    @Tag("catalog")
    class Orders {

        @Test
        void areReadAsTheyWereWritten() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent order = new Intent(
                            Kind.DRAIN,
                            Optional.of(nodeAt(worker).id()),
                            worker,
                            Optional.of(stage.identityOf(worker)),
                            false,
                            TransferMode.FORCE_LOGICAL,
                            Stage.ORDERED,
                            Optional.of(12L),
                            Optional.empty(),
                            PERSON,
                            Instant.parse("2030-01-01T00:00:00.123456Z"))
                    .stopped(Optional.of("it's \"full\""));
            Intent hold = new Intent(
                    Kind.HOLD,
                    Optional.empty(),
                    new HostPort("Pg'2", 5433),
                    Optional.empty(),
                    true,
                    TransferMode.AUTO,
                    Stage.ORDERED,
                    Optional.empty(),
                    Optional.empty(),
                    "api",
                    Instant.parse("2030-01-01T00:00:00Z"));

            catalog.record(List.of(new LedgerChange.GiveIntent(order), new LedgerChange.GiveIntent(hold)));

            assertThat(stage.another().snapshot().ledger().intents()).containsExactlyInAnyOrder(order, hold);
        }

        @Test
        void rememberTheOtherServerThatTheyName() throws CoordinatorUnavailable {
            Intent toAnother = naming(Optional.of(new HostPort("Pg-2.new", 5433)));
            Intent toYetAnother = naming(Optional.of(new HostPort("pg-3", 5432)));

            catalog.record(List.of(new LedgerChange.GiveIntent(toAnother)));
            assertThat(stage.another().snapshot().ledger().intents()).containsExactly(toAnother);

            catalog.record(List.of(new LedgerChange.UpdateIntent(toYetAnother)));
            assertThat(stage.another().snapshot().ledger().intents()).containsExactly(toYetAnother);
        }

        private Intent naming(Optional<HostPort> target) {
            return new Intent(
                    Kind.HOLD,
                    Optional.empty(),
                    new HostPort("pg-2", 5432),
                    Optional.empty(),
                    true,
                    TransferMode.AUTO,
                    target,
                    Stage.ORDERED,
                    Optional.empty(),
                    Optional.empty(),
                    PERSON,
                    Instant.parse("2030-01-01T00:00:00Z"));
        }

        @Test
        void theFirstOfTwoForOneNodeStands() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent first = ordered(Kind.DRAIN, worker);

            ordered(Kind.REMOVE, worker);

            assertThat(catalog.snapshot().ledger().intents()).containsExactly(first);
        }

        @Test
        void thatWereCancelledAreNotRevived() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent order = ordered(Kind.DRAIN, worker);
            cancel(worker);

            catalog.record(List.of(new LedgerChange.UpdateIntent(order.running(Optional.of(7L)))));

            assertThat(intentOf(worker).stage()).isEqualTo(Stage.CANCELLED);
            assertThat(intentOf(worker).job()).contains(7L);
        }

        @Test
        void thatWereLiftedAreNotRevived() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent order = ordered(Kind.DRAIN, worker);
            catalog.record(List.of(new LedgerChange.LiftIntent(order.subject())));

            catalog.record(List.of(
                    new LedgerChange.UpdateIntent(order.at(Stage.RUNNING)),
                    new LedgerChange.CancelIntent(order.subject())));

            assertThat(catalog.snapshot().ledger().intents()).isEmpty();
        }

        @Test
        void thatAreLiftedAndGivenAnewTogetherStandAnew() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent old = ordered(Kind.DRAIN, worker);
            Intent anew = order(Kind.REMOVE, worker, TransferMode.AUTO, Optional.empty());

            catalog.record(List.of(new LedgerChange.LiftIntent(old.subject()), new LedgerChange.GiveIntent(anew)));

            assertThat(catalog.snapshot().ledger().intents()).containsExactly(anew);
        }

        @Test
        void thatAreGivenAndCancelledTogetherAreCancelled() throws CoordinatorUnavailable {
            HostPort worker = added();
            Intent order = order(Kind.DRAIN, worker, TransferMode.AUTO, Optional.empty());

            catalog.record(List.of(new LedgerChange.GiveIntent(order), new LedgerChange.CancelIntent(order.subject())));

            assertThat(catalog.snapshot().ledger().intents()).containsExactly(order.at(Stage.CANCELLED));
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
        void areAllThereAfterADrainUnderAWritingClient() throws Exception {
            HostPort kept = added();
            HostPort leaving = added();
            stage.distributedTable("orders", 4);
            stage.distributedTable("items", 4);
            stage.referenceTable("countries");
            fill("orders", 60_000);
            fill("items", 39_000);
            fill("countries", 1_000);
            Member member = memberOf(nodeAt(leaving));

            DrainWriter.Running writer = DrainWriter.start(stage, FIRST_WRITTEN, "orders", "items", "countries");
            Intent running = started(ordered(Kind.DRAIN, leaving));
            RebalanceJob ended = awaitEnd(running);
            assertThat(ended.state()).isEqualTo(RebalanceJob.State.FINISHED);
            stage.settle();
            assertDone(catalog.perform(
                    new Action.RemoveNode(nodeAt(leaving), member, false, Optional.of(running), "drained")));
            DrainWriter.Written written = writer.end();

            assertThat(written.failures()).isEmpty();
            assertThat(written.acknowledged()).isPositive();
            assertThat(catalog.snapshot().nodeAt(leaving)).isEmpty();
            assertThat(placementsOf(kept).soleDistributed()).isEqualTo(8);
            assertThat(rows("orders")).isEqualTo(60_000 + written.acknowledged());
            assertThat(rows("items")).isEqualTo(39_000 + written.acknowledged());
            assertThat(rows("countries")).isEqualTo(1_000 + written.acknowledged());
            for (String table : List.of("orders", "items", "countries")) {
                assertThat(count("SELECT count(*) FROM public." + table + " WHERE id >= " + FIRST_WRITTEN + " AND id < "
                                + (FIRST_WRITTEN + written.acknowledged())))
                        .as(table)
                        .isEqualTo(written.acknowledged());
            }
            System.out.println("Drained on " + stage.query(stage.coordinator(), "SELECT citus_version()")
                    + ": 100000 rows before, "
                    + (rows("orders") + rows("items") + rows("countries")) + " after, "
                    + 3 * written.acknowledged() + " written meanwhile, " + ended.done() + " moves");
        }

        private void fill(String table, int rows) {
            stage.execute(
                    stage.coordinator(),
                    List.of("INSERT INTO public." + table + " SELECT generate_series(1, " + rows + ")"));
        }

        private long rows(String table) {
            return count("SELECT count(*) FROM public." + table);
        }

        private long count(String sql) {
            return Long.parseLong(stage.query(stage.coordinator(), sql));
        }
    }

    private Intent ordered(Kind kind, HostPort worker) throws CoordinatorUnavailable {
        return ordered(kind, worker, TransferMode.AUTO);
    }

    private Intent ordered(Kind kind, HostPort worker, TransferMode mode) throws CoordinatorUnavailable {
        return given(order(kind, worker, mode, Optional.empty()));
    }

    private void cancel(HostPort worker) throws CoordinatorUnavailable {
        catalog.record(List.of(new LedgerChange.CancelIntent(intentOf(worker).subject())));
    }

    private Action.StartDrain start(Intent order) throws CoordinatorUnavailable {
        return new Action.StartDrain(nodeAt(order.address()), order, "ordered");
    }

    private Action.StopDrain stop(Intent order, boolean restore) throws CoordinatorUnavailable {
        return new Action.StopDrain(nodeAt(order.address()), order, restore, Optional.empty(), "cancelled");
    }

    private Action.RemoveNode remove(Intent order) throws CoordinatorUnavailable {
        Node node = nodeAt(order.address());
        return new Action.RemoveNode(node, memberOf(node), false, Optional.of(order), "ordered");
    }

    private Intent started(Intent order) throws CoordinatorUnavailable {
        Intent running = startedWithoutJob(order);
        assertThat(running.job()).isPresent();
        return running;
    }

    private Intent startedWithoutJob(Intent order) throws CoordinatorUnavailable {
        assertDone(catalog.perform(start(order)));
        Intent running = intentOf(order.address());
        assertThat(running.stage()).isEqualTo(Stage.RUNNING);
        return running;
    }

    private Intent intentOf(HostPort worker) throws CoordinatorUnavailable {
        return catalog.snapshot().ledger().intents().stream()
                .filter(intent -> intent.address().equals(worker))
                .findFirst()
                .orElseThrow();
    }
}
