package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.LedgerChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} has to tell: the rows and placements as they stand, and where the
 * metadata of coordinator and workers differ.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ReadingContract extends CatalogContract {

    @Nested
    @Tag("catalog")
    class Reading {

        @Test
        void aFreshCoordinatorHasNothing() throws CoordinatorUnavailable {
            ClusterSnapshot snapshot = catalog.snapshot();

            assertThat(snapshot.nodes()).isEmpty();
            assertThat(snapshot.placements()).isEmpty();
            assertThat(snapshot.coordinator().registered()).isEmpty();
            assertThat(snapshot.coordinator().hasTables()).isFalse();
            assertThat(snapshot.coordinator().hasReferenceTables()).isFalse();
            assertThat(snapshot.coordinator().systemIdentifier()).isNotBlank();
            assertThat(snapshot.coordinator().citusVersion()).isNotBlank();
            assertThat(snapshot.coordinator().startTime()).isPresent();
            assertThat(snapshot.ledger().members()).isEmpty();
        }

        @Test
        void rowsAreReadAsTheyStand() throws CoordinatorUnavailable {
            HostPort worker = added();

            Node node = nodeAt(worker);

            assertThat(node.role()).isEqualTo(NodeRole.PRIMARY);
            assertThat(node.cluster()).isEqualTo("default");
            assertThat(node.isActive()).isTrue();
            assertThat(node.hasMetadata()).isTrue();
            assertThat(node.shouldHaveShards()).isTrue();
            assertThat(node.isClone()).isFalse();
            assertThat(node.group()).isNotEqualTo(GroupId.COORDINATOR);
        }

        @Test
        void placementsAreCountedPerGroupWithTheirOnlyCopies() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");

            ClusterSnapshot snapshot = catalog.snapshot();

            for (HostPort worker : List.of(first, second)) {
                Placements carried = snapshot.placementsOf(
                        snapshot.nodeAt(worker).orElseThrow().group());
                assertThat(carried.distributed()).isEqualTo(2);
                assertThat(carried.soleDistributed()).isEqualTo(2);
                assertThat(carried.reference()).isEqualTo(1);
                assertThat(carried.soleReference()).isZero();
                assertThat(carried.sampleRelation())
                        .hasValueSatisfying(name -> assertThat(name).matches("public\\.orders_\\d+"));
                assertThat(carried.isEmptyEnoughToRemove()).isFalse();
            }
            assertThat(snapshot.coordinator().hasTables()).isTrue();
            assertThat(snapshot.coordinator().hasReferenceTables()).isTrue();
        }
    }

    @Nested
    @Tag("catalog")
    class ComparingMetadata {

        @Test
        void workersKnowNothingThatTheCoordinatorLacksWhateverHappened() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");
            HostPort third = added();
            stage.moveShardsByHand(first, second);
            stage.removeByHand(third);
            stage.settle();

            MetadataComparison comparison = catalog.compareMetadata(List.of(first, second), List.of());

            assertThat(comparison.answered()).containsExactlyInAnyOrder(first, second);
            assertThat(comparison.newer()).isEmpty();
        }

        @Test
        void aPlacementThatOnlyTheWorkersKnowIsFound() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 4);
            stage.settle();

            stage.coordinatorForgetsNewestPlacement();
            List<MetadataComparison.Newer> newer =
                    catalog.compareMetadata(List.of(first, second), List.of()).newer();

            assertThat(newer).extracting(MetadataComparison.Newer::server).containsExactlyInAnyOrder(first, second);
            assertThat(newer).allSatisfy(each -> {
                assertThat(each.placements().count()).isEqualTo(1);
                assertThat(each.placements().highest()).isPositive();
                assertThat(each.nodes()).isEqualTo(MetadataComparison.Excess.NONE);
            });
        }

        @Test
        void aShardThatOnlyTheWorkersKnowToHaveMovedIsFound() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.distributedTable("orders", 4);
            Runnable restore = stage.restoreOfPlacements();
            stage.moveShardsByHand(first, second);
            stage.settle();

            restore.run();
            List<MetadataComparison.Newer> newer =
                    catalog.compareMetadata(List.of(first, second), List.of()).newer();

            assertThat(newer).extracting(MetadataComparison.Newer::server).containsExactlyInAnyOrder(first, second);
            assertThat(newer)
                    .allSatisfy(each -> assertThat(each.placements().count()).isEqualTo(2));
        }

        @Test
        void aNodeThatOnlyTheWorkersKnowIsFound() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            NodeId forgotten = nodeAt(second).id();
            stage.settle();

            stage.coordinatorForgets(second);
            List<MetadataComparison.Newer> newer =
                    catalog.compareMetadata(List.of(first), List.of()).newer();

            assertThat(newer)
                    .containsExactly(new MetadataComparison.Newer(
                            first,
                            new MetadataComparison.Excess(1, forgotten.value()),
                            MetadataComparison.Excess.NONE));
        }

        @Test
        void aFormerMemberThatKnowsWhatIsGoneIsNoSign() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.removeByHand(second);

            MetadataComparison comparison = catalog.compareMetadata(List.of(first), List.of(second));

            assertThat(comparison.answered()).containsExactlyInAnyOrder(first, second);
            assertThat(comparison.newer()).isEmpty();
        }

        @Test
        void whoDoesNotAnswerIsLeftOut() throws CoordinatorUnavailable {
            HostPort first = added();
            HostPort second = added();
            stage.stop(second);

            MetadataComparison comparison = catalog.compareMetadata(List.of(first, second), List.of());

            assertThat(comparison.answered()).containsExactly(first);
            assertThat(catalog.compareMetadata(List.of(), List.of())).isEqualTo(MetadataComparison.NOBODY_ASKED);
        }

        @Test
        void aDoubtIsRememberedUntilItIsAccepted() throws CoordinatorUnavailable {
            Instant since = Instant.parse("2030-01-01T12:00:00Z");
            CoordinatorDoubt doubt = new CoordinatorDoubt(since, "worker-1 knows more", 7, 12, Optional.empty());

            catalog.record(List.of(new LedgerChange.PutDoubt(doubt)));
            assertThat(stage.another().snapshot().doubt()).contains(doubt);

            CoordinatorDoubt accepted = doubt.accepted("operator", since.plusSeconds(60));
            catalog.record(List.of(new LedgerChange.PutDoubt(accepted)));
            assertThat(stage.another().snapshot().doubt()).isEmpty();
            assertThat(stage.another().snapshot().ledger().doubt()).contains(accepted);
        }
    }
}
