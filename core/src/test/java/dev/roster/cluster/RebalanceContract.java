package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal.Situation;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
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
 * What every implementation of {@link CoordinatorCatalog} has to do for an order to rebalance. Run on the fake, on PostgreSQL
 * with the Citus stand-in, and on real Citus.
 */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
public abstract class RebalanceContract extends OrderContract {

    private static final int ROWS = 200_000;
    private static final long FIRST_WRITTEN = 1_000_000;

    @Nested
    @Tag("catalog")
    class APreview {

        @Test
        void namesTheMovesAndChangesNothing() throws CoordinatorUnavailable {
            HostPort full = added();
            stage.distributedTable("orders", 4);
            HostPort empty = added();
            ClusterSnapshot before = catalog.snapshot();

            RebalancePreview preview = catalog.previewRebalance();

            assertThat(preview.refusal()).isEmpty();
            assertThat(preview.tablesWithoutIdentity()).isEmpty();
            assertThat(preview.walLevels()).containsEntry(full, "logical");
            assertThat(preview.moves()).hasSize(2).allSatisfy(move -> {
                assertThat(move.table()).isEqualTo("public.orders");
                assertThat(move.shard()).isPositive();
                assertThat(move.source()).isEqualTo(full);
                assertThat(move.target()).isEqualTo(empty);
            });
            assertThat(catalog.snapshot().placements()).isEqualTo(before.placements());
            assertThat(catalog.snapshot().rebalances()).isEmpty();
        }

        @Test
        void ofABalancedClusterIsEmpty() throws CoordinatorUnavailable {
            added();
            added();
            stage.distributedTable("orders", 4);

            assertThat(catalog.previewRebalance().moves()).isEmpty();
            assertThat(catalog.previewRebalance().refusal()).isEmpty();
        }

        @Test
        void namesOnlyTheTablesThatAreInTheWay() throws CoordinatorUnavailable {
            added();
            stage.tableWithoutIdentity("clicks", 4);
            added();

            assertThat(catalog.previewRebalance().tablesWithoutIdentity()).containsExactly("public.clicks");
        }
    }

    @Nested
    @Tag("catalog")
    class ARebalance {

        @Test
        void spreadsTheShardsInTheBackground() throws CoordinatorUnavailable {
            HostPort full = added();
            stage.distributedTable("orders", 4);
            HostPort empty = added();

            Intent running = started(ordered(TransferMode.AUTO));

            RebalanceJob begun = job(running);
            assertThat(begun.tasks())
                    .hasSize(2)
                    .allSatisfy(task -> assertThat(task.move()).hasValueSatisfying(move -> {
                        assertThat(move.table()).isEqualTo("public.orders");
                        assertThat(move.source()).isEqualTo(full);
                        assertThat(move.target()).isEqualTo(empty);
                    }));
            RebalanceJob ended = awaitEnd(running);
            assertThat(ended.state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(ended.done()).isEqualTo(2);
            assertThat(placementsOf(full).distributed()).isEqualTo(2);
            assertThat(placementsOf(empty).distributed()).isEqualTo(2);
        }

        @Test
        void isSeenByEverybodyWhoeverStartedIt() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 16);
            added();
            Intent running = started(ordered(TransferMode.AUTO));
            catalog.record(List.of(new LedgerChange.LiftIntent(running.subject())));

            assertThat(stage.another().snapshot().activeRebalance())
                    .hasValueSatisfying(
                            job -> assertThat(job.id()).isEqualTo(running.job().orElseThrow()));
        }

        @Test
        void withNothingToMoveIsOverAtOnceAndSaysSo() throws CoordinatorUnavailable {
            added();
            added();
            stage.distributedTable("orders", 4);

            Outcome outcome = catalog.perform(start(ordered(TransferMode.AUTO)));

            assertThat(outcome).isInstanceOf(Outcome.AlreadyTrue.class);
            assertThat(outcome.sentence()).startsWith("Nothing to move");
            assertThat(catalog.snapshot().ledger().rebalance()).isEmpty();
            assertThat(catalog.snapshot().activeRebalance()).isEmpty();
            JournalEntry last = catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 1))
                    .getFirst();
            assertThat(last.actor()).isEqualTo(PERSON);
            assertThat(last.action()).isEqualTo("rebalance");
            assertThat(last.outcome()).isEqualTo("finished");
            assertThat(last.sentence()).startsWith("Nothing to move");
        }

        @Test
        void forTheSakeOfMembersIsRememberedByTheLastOfThem() throws CoordinatorUnavailable {
            NodeId first = nodeId(added());
            NodeId second = nodeId(added());
            assertThat(catalog.snapshot().ledger().isServed(first)).isFalse();

            catalog.record(List.of(new LedgerChange.ServeJoins(first)));
            assertThat(stage.another().snapshot().ledger().isServed(first)).isTrue();
            assertThat(stage.another().snapshot().ledger().isServed(second)).isFalse();

            catalog.record(List.of(new LedgerChange.ServeJoins(second)));
            assertThat(stage.another().snapshot().ledger().isServed(second)).isTrue();
        }

        private NodeId nodeId(HostPort address) throws CoordinatorUnavailable {
            return catalog.snapshot().nodeAt(address).orElseThrow().id();
        }

        @Test
        void isRefusedWhileAnotherRuns() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 36);
            added();
            Intent running = started(ordered(TransferMode.AUTO));
            Intent second = running.stopped(Optional.empty());
            catalog.record(List.of(new LedgerChange.UpdateIntent(second)));

            Outcome outcome = catalog.perform(start(second));

            assertRefused(outcome, Situation.REBALANCE_RUNNING);
            assertThat(catalog.snapshot().ledger().rebalance()).contains(second);
        }

        @Test
        void isRefusedForATableWithoutKeyUnlessWritersMayWait() throws CoordinatorUnavailable {
            added();
            stage.tableWithoutIdentity("clicks", 2);
            HostPort empty = added();

            assertRefused(catalog.perform(start(ordered(TransferMode.AUTO))), Situation.NO_REPLICA_IDENTITY);

            catalog.record(List.of(new LedgerChange.LiftIntent(Kind.REBALANCE.word())));
            assertThat(awaitEnd(started(ordered(TransferMode.BLOCK_WRITES))).state())
                    .isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(placementsOf(empty).distributed()).isEqualTo(1);
        }

        @Test
        void doesNotBeginOnceItIsCancelled() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 4);
            added();
            Action start = start(ordered(TransferMode.AUTO));
            catalog.record(List.of(new LedgerChange.CancelIntent(Kind.REBALANCE.word())));

            assertThat(catalog.perform(start)).isInstanceOf(Outcome.Outdated.class);

            assertThat(catalog.snapshot().activeRebalance()).isEmpty();
        }
    }

    @Nested
    @Tag("catalog")
    class AStop {

        @Test
        void endsItsOwnJobAndWhatHasMovedStays() throws CoordinatorUnavailable {
            HostPort full = added();
            stage.distributedTable("orders", 36);
            HostPort empty = added();
            Intent running = started(ordered(TransferMode.AUTO));
            while (job(running).done() == 0) {
                stage.letShardsMove();
            }

            assertDone(catalog.perform(new Action.StopRebalance(stage.coordinator(), running, "by order")));

            assertThat(catalog.snapshot().ledger().rebalance()).isEmpty();
            catalog.record(List.of(new LedgerChange.GiveIntent(running)));
            assertThat(awaitEnd(running).state()).isEqualTo(RebalanceJob.State.CANCELLED);
            assertThat(placementsOf(empty).distributed()).isPositive();
            assertThat(placementsOf(full).distributed() + placementsOf(empty).distributed())
                    .isEqualTo(36);
        }

        @Test
        void leavesTheJobOfAnotherAlone() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 16);
            added();
            Intent running = started(ordered(TransferMode.AUTO));
            Intent strange = running.running(running.job().map(id -> id + 100));

            assertThat(catalog.perform(new Action.StopRebalance(stage.coordinator(), strange, "by order")))
                    .isInstanceOf(Outcome.AlreadyTrue.class);

            assertThat(catalog.snapshot().activeRebalance()).isPresent();
        }
    }

    @Nested
    @Tag("catalog")
    class ACloserLook {

        @Test
        void neverHinders() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 16);
            added();
            Intent running = started(ordered(TransferMode.AUTO));

            RebalanceJob job = job(running);
            MoveLook look = catalog.lookAt(job);

            assertThat(look.waits()).isEmpty();
            assertThat(look.workers())
                    .as("the fake has none")
                    .satisfiesAnyOf(
                            workers -> assertThat(workers).isEmpty(),
                            workers -> assertThat(workers.orElseThrow().used())
                                    .isLessThanOrEqualTo(workers.orElseThrow().most()));
            assertThat(look.bytes().keySet())
                    .isSubsetOf(job.tasks().stream()
                            .map(task -> task.move().orElseThrow().shard())
                            .toList());
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
        void areAllThereAfterARebalanceUnderAWritingClient() throws Exception {
            HostPort full = added();
            stage.distributedTable("orders", 8);
            stage.referenceTable("countries");
            fill("orders", ROWS - 1_000);
            fill("countries", 1_000);
            HostPort empty = added();

            DrainWriter.Running writer = DrainWriter.start(stage, FIRST_WRITTEN, "orders", "countries");
            Intent running = started(ordered(TransferMode.AUTO));
            boolean sized = false;
            boolean moving = false;
            RebalanceJob seen = job(running);
            while (seen.state().isActive()) {
                MoveLook look = catalog.lookAt(seen);
                sized |= look.bytes().values().stream().anyMatch(bytes -> bytes > 100_000);
                moving |= look.running().stream().anyMatch(move -> move.bytesDone() > 0);
                stage.letShardsMove();
                seen = job(running);
            }
            DrainWriter.Written written = writer.end();

            assertThat(seen.state()).isEqualTo(RebalanceJob.State.FINISHED);
            assertThat(sized).as("the sizes of shards were seen").isTrue();
            assertThat(moving).as("a move was seen on its way").isTrue();
            assertThat(written.failures()).isEmpty();
            assertThat(written.acknowledged()).isPositive();
            assertThat(placementsOf(full).distributed()).isEqualTo(4);
            assertThat(placementsOf(empty).distributed()).isEqualTo(4);
            assertThat(rows("orders")).isEqualTo(ROWS - 1_000 + written.acknowledged());
            assertThat(rows("countries")).isEqualTo(1_000 + written.acknowledged());
            System.out.println("Rebalanced on " + stage.query(stage.coordinator(), "SELECT citus_version()") + ": "
                    + ROWS + " rows before, "
                    + (rows("orders") + rows("countries")) + " after, " + 2 * written.acknowledged()
                    + " written meanwhile, " + seen.done() + " moves");
        }

        @Test
        void thatAreLockedByAnOpenTransactionAreNamedWithItsSession() throws Exception {
            added();
            stage.distributedTable("orders", 2);
            fill("orders", 1_000);
            added();

            try (AutoCloseable _ = stage.writing("UPDATE public.orders SET id = id WHERE id < 500")) {
                Intent running = started(ordered(TransferMode.AUTO));
                MoveLook.LockWait wait = awaitWait(running);

                assertThat(wait.holder()).isPositive();
                assertThat(wait.application().orElse("")).contains("gpid=");
                assertThat(wait.state()).contains("idle in transaction");
            }
        }

        private MoveLook.LockWait awaitWait(Intent running) throws CoordinatorUnavailable {
            while (true) {
                List<MoveLook.LockWait> waits = catalog.lookAt(job(running)).waits();
                if (!waits.isEmpty()) {
                    return waits.getFirst();
                }
                stage.letShardsMove();
            }
        }

        private void fill(String table, int rows) {
            stage.execute(
                    stage.coordinator(),
                    List.of("INSERT INTO public." + table + " SELECT generate_series(1, " + rows + ")"));
        }

        private long rows(String table) {
            return Long.parseLong(stage.query(stage.coordinator(), "SELECT count(*) FROM public." + table));
        }
    }

    private Intent ordered(TransferMode mode) throws CoordinatorUnavailable {
        Intent order = Intent.ordered(
                Kind.REBALANCE,
                Optional.empty(),
                stage.coordinator(),
                Optional.empty(),
                true,
                mode,
                Optional.empty(),
                PERSON,
                Instant.parse("2030-01-01T00:00:00Z"));
        catalog.record(List.of(new LedgerChange.GiveIntent(order)));
        assertThat(catalog.snapshot().ledger().rebalance()).contains(order);
        return order;
    }

    private Action.StartRebalance start(Intent order) {
        return new Action.StartRebalance(stage.coordinator(), order, "ordered");
    }

    private Intent started(Intent order) throws CoordinatorUnavailable {
        assertDone(catalog.perform(start(order)));
        Intent running = catalog.snapshot().ledger().rebalance().orElseThrow();
        assertThat(running.stage()).isEqualTo(Stage.RUNNING);
        assertThat(running.job()).isPresent();
        return running;
    }
}
