package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.Interference;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.ledger.Tombstone;
import dev.roster.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do. Run on the fake, on PostgreSQL with the Citus stand-in,
 * and on real Citus, so that none can drift from the others. Situations tagged {@code catalog} need only catalogs; those
 * tagged {@code rows} need tables with rows, which only real Citus has.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class CoordinatorCatalogContract extends CatalogContract {

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

    @Nested
    @Tag("catalog")
    class OtherWriters {

        @Test
        void whatTheyDidIsRememberedUntilItIsLifted() throws CoordinatorUnavailable {
            Instant at = Instant.parse("2030-01-01T12:00:00Z");
            HostPort first = new HostPort("worker-1", 5432);
            HostPort second = new HostPort("worker-2", 5433);
            Interference one = Interference.of(
                    new Identity("7001", "server-1"), first, new Interference.Change(at, "removed node 2"));
            Interference two = Interference.of(
                            new Identity("7002", "server-2"), second, new Interference.Change(at, "removed node 3"))
                    .and(first, new Interference.Change(at.plusSeconds(60), "removed node 4"));

            catalog.record(List.of(new LedgerChange.PutInterference(one), new LedgerChange.PutInterference(two)));
            assertThat(stage.another().snapshot().ledger().interferences()).containsExactlyInAnyOrder(one, two);
            assertThat(two.assistSince()).contains(at.plusSeconds(60));

            catalog.record(List.of(new LedgerChange.LiftInterference("7001")));
            assertThat(stage.another().snapshot().ledger().interferences()).containsExactly(two);
        }

        @Test
        void anAddressThatSomebodyElseWroteIsAnotherThanTheLedgers() throws CoordinatorUnavailable {
            HostPort worker = added();
            HostPort other = new HostPort(worker.host(), 1);

            stage.updateByHand(worker, other);

            ClusterSnapshot snapshot = catalog.snapshot();
            Node row = snapshot.nodeAt(other).orElseThrow();
            assertThat(snapshot.ledger().member(row.id()))
                    .hasValueSatisfying(member -> assertThat(member.address()).isEqualTo(worker));
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
    class TheCoordinatorsAddress {

        @Test
        void isSetOnceAndThenTrue() throws CoordinatorUnavailable {
            Action set =
                    new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add");

            assertDone(catalog.perform(set));
            assertThat(catalog.snapshot().coordinator().registered()).contains(stage.coordinator());
            assertThat(catalog.perform(set)).isInstanceOf(Outcome.AlreadyTrue.class);
        }

        @Test
        void isNotChangedWhenSomebodyElseChangedItSince() throws CoordinatorUnavailable {
            assertDone(catalog.perform(
                    new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));
            HostPort other = new HostPort("elsewhere.example", 5432);

            Outcome outcome = catalog.perform(
                    new Action.SetCoordinatorAddress(other, Optional.of(new HostPort("localhost", 5432)), "it moved"));

            assertThat(outcome).isInstanceOf(Outcome.Outdated.class);
            assertThat(catalog.snapshot().coordinator().registered()).contains(stage.coordinator());
        }

        @Test
        void isRefusedWhereNobodyListens() throws CoordinatorUnavailable {
            HostPort nobody = stage.unfitServer(CatalogStage.Fault.REFUSED);

            Outcome outcome = catalog.perform(new Action.SetCoordinatorAddress(nobody, Optional.empty(), "wrong"));

            assertRefused(outcome, Refusal.Situation.BAD_ADDRESS);
            assertThat(catalog.snapshot().nodes()).isEmpty();
        }

        @Test
        void staysWhereItStillReachesTheCoordinator() throws CoordinatorUnavailable {
            HostPort name = stage.anotherNameOf(stage.coordinator());
            assertDone(catalog.perform(
                    new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));

            Outcome outcome = catalog.perform(new Action.SetCoordinatorAddress(
                    name, Optional.of(stage.coordinator()), "another of its hosts is the coordinator now"));

            assertThat(outcome).isInstanceOf(Outcome.Outdated.class);
            assertThat(catalog.snapshot().coordinator().registered()).contains(stage.coordinator());
        }

        @Test
        void followsFromWhereAnotherServerOrNobodyAnswers() throws CoordinatorUnavailable {
            assertDone(catalog.perform(
                    new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));
            NodeId row = nodeAt(stage.coordinator()).id();
            HostPort registered = stage.coordinator();

            for (HostPort elsewhere : List.of(stage.newServer(), stage.unfitServer(CatalogStage.Fault.REFUSED))) {
                stage.misregister(registered, elsewhere);

                assertDone(catalog.perform(new Action.SetCoordinatorAddress(
                        registered, Optional.of(elsewhere), "another of its hosts is the coordinator now")));

                assertThat(nodeAt(registered).id()).isEqualTo(row);
            }
        }
    }

    @Nested
    @Tag("catalog")
    class Adding {

        @Test
        void makesAnActiveNodeAMemberAndAJournalLine() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();

            Outcome outcome = catalog.perform(add(worker));

            assertDone(outcome);
            Node node = nodeAt(worker);
            assertThat(outcome.sentence()).contains(worker.toString()).contains("group " + node.group());
            Member member = catalog.snapshot().ledger().member(node.id()).orElseThrow();
            assertThat(member.origin()).isEqualTo(Origin.ADDED);
            assertThat(member.identity()).contains(stage.identityOf(worker));
            assertThat(member.scope()).contains(SCOPE);
            assertThat(member.address()).isEqualTo(worker);
            assertThat(journal()).first().satisfies(entry -> {
                assertThat(entry.action()).isEqualTo("add");
                assertThat(entry.outcome()).isEqualTo("done");
                assertThat(entry.sentence()).isEqualTo(outcome.sentence());
            });
        }

        @Test
        void twiceIsTrueAlready() throws CoordinatorUnavailable {
            HostPort worker = added();
            ClusterSnapshot before = catalog.snapshot();

            Outcome outcome = catalog.perform(add(worker));

            assertThat(outcome).isInstanceOf(Outcome.AlreadyTrue.class);
            assertThat(catalog.snapshot().nodes()).isEqualTo(before.nodes());
            assertThat(catalog.snapshot().ledger().members())
                    .isEqualTo(before.ledger().members());
        }

        @Test
        void byTwoRostersMakesOneNode() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();

            assertDone(catalog.perform(add(worker)));
            assertThat(stage.another().perform(add(worker))).isInstanceOf(Outcome.AlreadyTrue.class);

            assertThat(catalog.snapshot().nodes()).hasSize(1);
        }

        @Test
        void leavesAnInactiveRowAsItStands() throws CoordinatorUnavailable {
            HostPort kept = added();
            HostPort worker = added();
            stage.disableByHand(worker);
            stage.settle();

            Outcome outcome = catalog.perform(add(worker));

            assertThat(outcome).isInstanceOf(Outcome.Outdated.class);
            assertThat(nodeAt(worker).isActive()).isFalse();
            assertThat(nodeAt(kept).isActive()).isTrue();
        }

        @Test
        void restoresThePropertyOfAFormerMember() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();

            assertDone(catalog.perform(new Action.AddNode(
                    worker(worker), Optional.of(stage.identityOf(worker)), Optional.of(false), "it came back")));

            assertThat(nodeAt(worker).shouldHaveShards()).isFalse();
        }

        @Test
        void blindlyIsPossibleWithoutAnIdentity() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();

            assertDone(catalog.perform(
                    new Action.AddNode(worker(worker), Optional.empty(), Optional.empty(), "probes are off")));

            assertThat(catalog.snapshot().ledger().members()).hasSize(1);
        }

        @Test
        void anotherServerThanTheOneProbedIsRolledBack() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();
            Action add = new Action.AddNode(
                    worker(worker), Optional.of(new Identity("1234567890", "other")), Optional.empty(), "ready");

            Outcome outcome = catalog.perform(add);

            assertRefused(outcome, Refusal.Situation.IDENTITY_CHANGED);
            assertNothingIsLeft();
            assertDone(catalog.perform(add(worker)));
        }

        @Test
        void isRolledBackWhenTheClustersTablesChangedSinceTheServerWasComparedWithThem() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();

            Outcome outcome = catalog.perform(new Action.AddNode(
                    worker(worker),
                    Optional.of(stage.identityOf(worker)),
                    Optional.of("other tables"),
                    Optional.empty(),
                    "ready"));

            assertRefused(outcome, Refusal.Situation.TABLES_CHANGED);
            assertNothingIsLeft();
        }

        @ParameterizedTest
        @CsvSource({
            "REFUSED, NODE_UNREACHABLE",
            "UNRESOLVED, NODE_UNREACHABLE",
            "BLACK_HOLE, NODE_UNREACHABLE",
            "PASSWORD, LOGIN_REFUSED",
            "NO_DATABASE, DATABASE_MISSING",
            "NO_EXTENSION, EXTENSION_UNFIT",
            "OLDER_EXTENSION, EXTENSION_UNFIT",
            "READ_ONLY, READ_ONLY"
        })
        void anUnfitServerIsRefusedWithItsReasonAndLeavesNothing(CatalogStage.Fault fault, Refusal.Situation situation)
                throws CoordinatorUnavailable {
            HostPort unfit = stage.unfitServer(fault);

            Outcome outcome = catalog.perform(
                    new Action.AddNode(worker(unfit), Optional.empty(), Optional.empty(), "seen by static"));

            Refusal refusal = assertRefused(outcome, situation);
            assertThat(refusal.sentence()).contains(unfit.toString());
            assertThat(refusal.remedy()).isNotBlank();
            assertThat(refusal.culprit()).isEmpty();
            assertNothingIsLeft();
        }

        @Test
        void aMemberUnderASecondNameIsRefused() throws CoordinatorUnavailable {
            HostPort worker = added();
            HostPort secondName = stage.anotherNameOf(worker);

            Outcome outcome = catalog.perform(
                    new Action.AddNode(worker(secondName), Optional.empty(), Optional.empty(), "seen by static"));

            assertRefused(outcome, Refusal.Situation.ALREADY_REGISTERED_OTHERWISE);
            assertThat(catalog.snapshot().nodes()).extracting(Node::address).containsExactly(worker);
        }

        @Test
        void whileAnotherMemberLacksTheMetadataNamesThatOne() throws CoordinatorUnavailable {
            HostPort away = added();
            HostPort worker = stage.newServer();
            Action add = add(worker);
            stage.stop(away);
            stage.owesMetadataTo(away);

            Outcome outcome = catalog.perform(add);

            assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                assertThat(refused.refusal().situation())
                        .isIn(Refusal.Situation.METADATA_OUT_OF_SYNC, Refusal.Situation.OTHER_NODE_UNREACHABLE);
                assertThat(refused.refusal().culprit()).contains(away);
            });
            assertThat(catalog.snapshot().nodes()).hasSize(1);
        }

        @Test
        void theCoordinatorItselfIsRefused() throws CoordinatorUnavailable {
            Outcome outcome = catalog.perform(new Action.AddNode(
                    worker(stage.coordinator()), Optional.empty(), Optional.empty(), "seen by static"));

            assertRefused(outcome, Refusal.Situation.IS_COORDINATOR);
            assertNothingIsLeft();
        }

        @Test
        void whileAnotherMemberIsDeadNamesTheDeadOne() throws CoordinatorUnavailable {
            HostPort dead = added();
            HostPort worker = stage.newServer();
            Action add = add(worker);
            stage.stop(dead);

            Refusal refusal = assertRefused(catalog.perform(add), Refusal.Situation.OTHER_NODE_UNREACHABLE);

            assertThat(refusal.culprit()).contains(dead);
            assertThat(refusal.sentence()).contains(dead.toString());
            assertThat(catalog.snapshot().nodes()).hasSize(1);
            stage.start(dead);
            assertDone(catalog.perform(add));
        }

        @Test
        void waitsForALockOnlyForAWhile() throws Exception {
            HostPort worker = stage.newServer();
            Action add = add(worker);

            try (AutoCloseable _ = stage.lockedByAnotherSession()) {
                assertThat(assertRefused(catalog.perform(add), Refusal.Situation.LOCKED)
                                .sentence())
                        .contains("LOCK TABLE pg_catalog.pg_dist_node");
            }

            assertNothingIsLeft();
            assertDone(catalog.perform(add));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "My_Worker.A-1",
                    "w'); DROP TABLE pg_dist_node; --",
                    "two\"quotes'here\\",
                    "$$worker$$",
                    "wörker-ü"
                })
        void anUnusualNameReachesTheCatalogAsData(String host) throws CoordinatorUnavailable {
            HostPort address = new HostPort(host.replace(' ', '_'), 5432);

            Outcome outcome = catalog.perform(
                    new Action.AddNode(worker(address), Optional.empty(), Optional.empty(), "seen by static"));

            Refusal refusal = assertRefused(outcome, Refusal.Situation.NODE_UNREACHABLE);
            assertThat(refusal.sentence()).contains(address.host());
            assertNothingIsLeft();
        }
    }

    @Nested
    @Tag("catalog")
    class AddingTogether {

        @Test
        void addsAllInOrder() throws CoordinatorUnavailable {
            List<Action.AddNode> adds = IntStream.range(0, 3)
                    .mapToObj(i -> stage.newServer())
                    .map(CoordinatorCatalogContract.this::add)
                    .toList();

            List<Outcome> outcomes = catalog.addTogether(adds);

            assertThat(outcomes).hasSize(3).allSatisfy(CatalogContract::assertDone);
            assertThat(outcomes.stream().map(Outcome::action)).containsExactlyElementsOf(adds);
            assertThat(catalog.snapshot().nodes()).hasSize(3);
            assertThat(catalog.snapshot().ledger().members()).hasSize(3);
        }

        @Test
        void addsNoneWhenOneIsRefused() throws CoordinatorUnavailable {
            Action.AddNode good = add(stage.newServer());
            Action.AddNode bad = new Action.AddNode(
                    worker(stage.unfitServer(CatalogStage.Fault.REFUSED)),
                    Optional.empty(),
                    Optional.empty(),
                    "seen by static");

            List<Outcome> outcomes = catalog.addTogether(List.of(good, bad));

            assertThat(outcomes).hasSize(1);
            assertRefused(outcomes.getFirst(), Refusal.Situation.NODE_UNREACHABLE);
            assertThat(outcomes.getFirst().action()).isEqualTo(bad);
            assertNothingIsLeft();
        }

        @Test
        void oneThatIsThereAlreadyDoesNotHinderTheOthers() throws CoordinatorUnavailable {
            Action.AddNode there = add(added());
            Action.AddNode fresh = add(stage.newServer());

            List<Outcome> outcomes = catalog.addTogether(List.of(there, fresh));

            assertThat(outcomes.get(0)).isInstanceOf(Outcome.AlreadyTrue.class);
            assertDone(outcomes.get(1));
            assertThat(catalog.snapshot().nodes()).hasSize(2);
        }
    }

    @Nested
    @Tag("catalog")
    class Adopting {

        @Test
        void writesTheLedgerAndNothingElse() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();
            stage.addByHand(worker);
            Node node = nodeAt(worker);

            assertDone(catalog.perform(new Action.AdoptNode(node, stage.identityOf(worker), SCOPE, "it is ours")));

            assertThat(nodeAt(worker)).isEqualTo(node);
            assertThat(memberOf(node).origin()).isEqualTo(Origin.ADOPTED);
        }

        @Test
        void isOutdatedWhenTheRowIsGone() throws CoordinatorUnavailable {
            HostPort worker = stage.newServer();
            stage.addByHand(worker);
            Node node = nodeAt(worker);
            stage.removeByHand(worker);

            Outcome outcome =
                    catalog.perform(new Action.AdoptNode(node, stage.identityOf(worker), SCOPE, "it is ours"));

            assertThat(outcome).isInstanceOf(Outcome.Outdated.class);
            assertThat(catalog.snapshot().ledger().members()).isEmpty();
        }
    }

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

    @Nested
    @Tag("catalog")
    class Following {

        @Test
        void aServersOtherAddressKeepsTheRowAndItsShards() throws CoordinatorUnavailable {
            HostPort old = added();
            stage.distributedTable("orders", 4);
            Node row = nodeAt(old);
            HostPort to = stage.anotherNameOf(old);

            assertDone(catalog.perform(follow(row, to)));

            Node followed = nodeAt(to);
            assertThat(followed.id()).isEqualTo(row.id());
            assertThat(followed.group()).isEqualTo(row.group());
            assertThat(catalog.snapshot().placementsOf(row.group()).distributed())
                    .isEqualTo(4);
            Member member = memberOf(followed);
            assertThat(member.address()).isEqualTo(to);
            assertThat(member.identity()).contains(stage.identityOf(old));
            assertThat(member.lastSeen().map(Member.LastSeen::startTime))
                    .contains(stage.reportOf(to).startTime());
            assertThat(journal().getFirst().sentence()).contains("followed to " + to);
            stage.settle();
            assertThat(nodeAt(to).metadataSynced()).isTrue();
        }

        @Test
        void twiceIsTrueAlready() throws CoordinatorUnavailable {
            HostPort old = added();
            HostPort to = stage.anotherNameOf(old);
            Action follow = follow(nodeAt(old), to);
            assertDone(catalog.perform(follow));

            assertThat(stage.another().perform(follow)).isInstanceOf(Outcome.AlreadyTrue.class);
            assertThat(workers()).hasSize(1);
        }

        @Test
        void anotherServerThanTheOneJudgedIsRefused() throws CoordinatorUnavailable {
            HostPort old = added();
            Node row = nodeAt(old);
            HostPort other = stage.newServer();
            ServerReport judged = stage.reportOf(old);
            assumeTrue(!judged.identity().equals(stage.identityOf(other)));

            Outcome outcome = catalog.perform(follow(new Action.Move(
                    row, Optional.of(memberOf(row)), other, Optional.of(new Action.Found(judged, Optional.empty())))));

            assertRefused(outcome, Refusal.Situation.IDENTITY_CHANGED);
            assertThat(nodeAt(old).id()).isEqualTo(row.id());
        }

        @Test
        void aServerOfAnotherGroupIsRefused() throws CoordinatorUnavailable {
            HostPort old = added();
            Node row = nodeAt(old);
            HostPort stranger = stage.newServer();

            Outcome outcome = catalog.perform(follow(row, stranger));

            assertRefused(outcome, Refusal.Situation.NOT_THE_DATA);
            assertThat(nodeAt(old).id()).isEqualTo(row.id());
        }

        @Test
        void aServerWithoutTheShardsIsRefused() throws CoordinatorUnavailable {
            HostPort old = added();
            Node row = nodeAt(old);
            HostPort to = stage.anotherNameOf(old);

            Outcome outcome = catalog.perform(follow(new Action.Move(
                    row,
                    Optional.of(memberOf(row)),
                    to,
                    Optional.of(new Action.Found(stage.reportOf(to), Optional.of("public.orders_102008"))))));

            assertThat(assertRefused(outcome, Refusal.Situation.NOT_THE_DATA).sentence())
                    .contains("orders_102008");
            assertThat(nodeAt(old).id()).isEqualTo(row.id());
        }

        @Test
        void aServerThatWasRestartedSinceIsJudgedAnew() throws CoordinatorUnavailable {
            HostPort old = added();
            Action follow = follow(nodeAt(old), stage.anotherNameOf(old));
            stage.stop(old);
            stage.start(old);

            assertThat(catalog.perform(follow)).isInstanceOf(Outcome.Outdated.class);
            assertThat(nodeAt(old).address()).isEqualTo(old);
        }

        @Test
        void whereNobodyAnswersIsRefused() throws CoordinatorUnavailable {
            HostPort old = added();
            Node row = nodeAt(old);
            Action.Found judged = new Action.Found(stage.reportOf(old), Optional.empty());

            Outcome outcome = catalog.perform(follow(new Action.Move(
                    row,
                    Optional.of(memberOf(row)),
                    stage.unfitServer(CatalogStage.Fault.UNRESOLVED),
                    Optional.of(judged))));

            assertRefused(outcome, Refusal.Situation.NODE_UNREACHABLE);
            assertThat(nodeAt(old).id()).isEqualTo(row.id());
        }

        @Test
        void anAddressThatAnotherRowHasByNowIsRefused() throws CoordinatorUnavailable {
            HostPort old = added();
            HostPort to = stage.anotherNameOf(old);
            Action follow = follow(nodeAt(old), to);
            HostPort second = added();
            stage.misregister(second, to);

            assertRefused(catalog.perform(follow), Refusal.Situation.ALREADY_REGISTERED_OTHERWISE);
            assertThat(nodeAt(old).address()).isEqualTo(old);
        }

        @Test
        void aRegisteredSecondaryChangesPlacesWithItsPrimary() throws CoordinatorUnavailable {
            HostPort old = added();
            Node primary = nodeAt(old);
            HostPort to = stage.anotherNameOf(old);
            stage.addSecondaryByHand(to, old);
            Node secondary = nodeAt(to);

            assertDone(catalog.perform(new Action.UpdateNodes(
                    List.of(move(primary, to), new Action.Move(secondary, Optional.empty(), old, Optional.empty())),
                    Optional.empty(),
                    Optional.empty(),
                    "its standby was promoted")));

            assertThat(nodeAt(to).id()).isEqualTo(primary.id());
            assertThat(nodeAt(to).role()).isEqualTo(NodeRole.PRIMARY);
            assertThat(nodeAt(old).id()).isEqualTo(secondary.id());
            assertThat(nodeAt(old).role()).isEqualTo(NodeRole.SECONDARY);
        }

        @Test
        void twoNodesInEachOthersPlaceAreSetRightTogether() throws CoordinatorUnavailable {
            HostPort one = added();
            HostPort other = added();
            NodeId first = nodeAt(one).id();
            NodeId second = nodeAt(other).id();
            HostPort aside = new HostPort("aside", 5432);
            stage.misregister(one, aside);
            stage.misregister(other, one);
            stage.misregister(aside, other);

            assertDone(catalog.perform(new Action.UpdateNodes(
                    List.of(move(nodeAt(other), one), move(nodeAt(one), other)),
                    Optional.empty(),
                    Optional.empty(),
                    "they changed places")));

            assertThat(nodeAt(one).id()).isEqualTo(first);
            assertThat(nodeAt(other).id()).isEqualTo(second);
        }

        @Test
        void doesNotWaitForAnotherDeadMember() throws CoordinatorUnavailable {
            HostPort old = added();
            HostPort dead = added();
            HostPort to = stage.anotherNameOf(old);
            stage.stop(dead);

            assertDone(catalog.perform(follow(nodeAt(old), to)));

            assertThat(nodeAt(to).isActivePrimary()).isTrue();
        }

        @Test
        void aSessionThatWritesIsWaitedForAndNamed() throws Exception {
            HostPort old = added();
            stage.distributedTable("orders", 4);
            HostPort to = stage.anotherNameOf(old);
            Action follow = follow(nodeAt(old), to);

            try (AutoCloseable _ = stage.writing("INSERT INTO public.orders VALUES (7)")) {
                String sentence = assertRefused(catalog.perform(follow), Refusal.Situation.LOCKED)
                        .sentence();
                assertThat(sentence).contains("INSERT INTO public.orders VALUES (7)");
                assertThat(nodeAt(old).address()).isEqualTo(old);
            }

            assertDone(catalog.perform(follow));
        }

        @Test
        void aSessionThatWritesIsEndedByForce() throws Exception {
            HostPort old = added();
            stage.distributedTable("orders", 4);
            HostPort to = stage.anotherNameOf(old);

            try (AutoCloseable _ = stage.writing("INSERT INTO public.orders VALUES (7)")) {
                assertDone(catalog.perform(new Action.UpdateNodes(
                        List.of(move(nodeAt(old), to)),
                        Optional.of(Duration.ofMillis(500)),
                        Optional.empty(),
                        "moved")));
            }

            assertThat(nodeAt(to).isActivePrimary()).isTrue();
        }

        @Test
        void byForceIsDoneWhereNobodyHoldsALock() throws CoordinatorUnavailable {
            HostPort old = added();
            HostPort to = stage.anotherNameOf(old);

            assertDone(catalog.perform(new Action.UpdateNodes(
                    List.of(move(nodeAt(old), to)), Optional.of(Duration.ofSeconds(1)), Optional.empty(), "moved")));
        }

        @Test
        void aRowThatChangedSinceIsLeft() throws CoordinatorUnavailable {
            HostPort old = added();
            Action follow = follow(nodeAt(old), stage.anotherNameOf(old));
            stage.disableByHand(old);

            assertThat(catalog.perform(follow)).isInstanceOf(Outcome.Outdated.class);
            assertThat(nodeAt(old).address()).isEqualTo(old);
        }

        private Action follow(Node row, HostPort to) throws CoordinatorUnavailable {
            return follow(move(row, to));
        }

        private Action follow(Action.Move move) {
            return new Action.UpdateNodes(List.of(move), Optional.empty(), Optional.empty(), "it moved");
        }

        private Action.Move move(Node row, HostPort to) throws CoordinatorUnavailable {
            return new Action.Move(
                    row,
                    Optional.of(memberOf(row)),
                    to,
                    Optional.of(new Action.Found(stage.reportOf(to), Optional.empty())));
        }
    }

    @Nested
    @Tag("catalog")
    class TheLedger {

        @Test
        void rowsAreWrittenReplacedAndForgotten() throws CoordinatorUnavailable {
            Identity identity = new Identity("7001", "srv");
            Member member = new Member(
                    new NodeId(77),
                    new GroupId(5),
                    new HostPort("pg'1", 5432),
                    Optional.of(identity),
                    Origin.ADOPTED,
                    Optional.of(SCOPE),
                    Instant.parse("2030-01-01T00:00:00Z"),
                    Optional.of(
                            new Member.LastSeen(Instant.parse("2029-12-31T23:59:59.123456Z"), true, 3, "0/3000060")),
                    false,
                    Set.of(new HostPort("alias", 5433)));
            Tombstone stone = new Tombstone(
                    new NodeId(78),
                    new GroupId(6),
                    new HostPort("pg-2", 5432),
                    Optional.of(new Identity("7002", "")),
                    false,
                    Instant.parse("2030-01-01T00:00:01Z"),
                    "Jo's hand");

            catalog.record(List.of(new LedgerChange.PutMember(member), new LedgerChange.Bury(stone)));
            assertThat(catalog.snapshot().ledger().members()).containsExactly(member);
            assertThat(catalog.snapshot().ledger().tombstones()).containsExactly(stone);

            Member marked = member.withDisabledByRoster(true);
            catalog.record(List.of(new LedgerChange.PutMember(marked)));
            assertThat(stage.another().snapshot().ledger().members()).containsExactly(marked);

            catalog.record(List.of(
                    new LedgerChange.ForgetMember(member.node()),
                    new LedgerChange.Unbury(stone.identity().orElseThrow())));
            assertThat(catalog.snapshot().ledger().members()).isEmpty();
            assertThat(catalog.snapshot().ledger().tombstones()).isEmpty();
        }

        @Test
        void nothingToWriteIsNothing() throws CoordinatorUnavailable {
            catalog.record(List.of());

            assertThat(catalog.snapshot().ledger().members()).isEmpty();
        }

        @Test
        void theJournalIsReadNewestFirstByNodeTimeAndLimit() throws CoordinatorUnavailable {
            Instant start = Instant.parse("2030-01-01T00:00:00Z");
            for (int i = 0; i < 6; i++) {
                catalog.record(List.of(new LedgerChange.Append(new JournalEntry(
                        0,
                        start.plusSeconds(i),
                        "roster",
                        "add",
                        Optional.of(i % 2 == 0 ? "pg-even:5432" : "pg-odd:5432"),
                        "noted",
                        "line " + i))));
            }

            assertThat(catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 2)))
                    .extracting(JournalEntry::sentence)
                    .containsExactly("line 5", "line 4");
            assertThat(catalog.journal(new JournalQuery(Optional.of("PG-Even"), Optional.empty(), 100)))
                    .extracting(JournalEntry::sentence)
                    .containsExactly("line 4", "line 2", "line 0");
            assertThat(catalog.journal(
                            new JournalQuery(Optional.of("pg-odd:5432"), Optional.of(start.plusSeconds(3)), 100)))
                    .extracting(JournalEntry::sentence)
                    .containsExactly("line 5", "line 3");
            assertThat(catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)))
                    .isSortedAccordingTo((a, b) -> Long.compare(b.id(), a.id()));
        }

        @Test
        void theNextPageOfTheJournalBeginsWhereTheLastEnded() throws CoordinatorUnavailable {
            for (int i = 0; i < 5; i++) {
                catalog.record(List.of(new LedgerChange.Append(new JournalEntry(
                        0,
                        Instant.parse("2030-01-01T00:00:00Z"),
                        "operator",
                        "drain",
                        Optional.empty(),
                        "ordered",
                        "line " + i))));
            }
            List<JournalEntry> all = catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 5));

            List<JournalEntry> next = catalog.journal(new JournalQuery(
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.of(all.get(1).id()),
                    2));

            assertThat(next).containsExactlyElementsOf(all.subList(2, 4));
            assertThat(next).extracting(JournalEntry::actor).containsOnly("operator");
        }

        @Test
        void aRefusalIsNotAMember() throws CoordinatorUnavailable {
            HostPort unfit = stage.unfitServer(CatalogStage.Fault.REFUSED);

            catalog.perform(new Action.AddNode(worker(unfit), Optional.empty(), Optional.empty(), "ready"));

            assertThat(catalog.snapshot().ledger().members()).isEmpty();
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
        void aRolledBackAddDropsNoTableOfTheServer() throws CoordinatorUnavailable {
            added();
            stage.distributedTable("orders", 2);
            HostPort worker = stage.newServer();
            stage.execute(
                    worker,
                    List.of(
                            "CREATE TABLE public.orders (id int)",
                            "INSERT INTO public.orders SELECT generate_series(1, 50)"));

            Outcome outcome = catalog.perform(new Action.AddNode(
                    worker(worker), Optional.of(new Identity("42", "other")), Optional.empty(), "ready"));

            assertRefused(outcome, Refusal.Situation.IDENTITY_CHANGED);
            assertThat(stage.query(worker, "SELECT count(*) FROM public.orders"))
                    .isEqualTo("50");
        }

        @Test
        void stayReadableAndAWriterIsWaitedForOrEndedWhenTheirNodeIsFollowed() throws Exception {
            registerCoordinator();
            HostPort old = added();
            stage.distributedTable("orders", 2);
            stage.execute(stage.coordinator(), List.of("INSERT INTO public.orders SELECT generate_series(1, 100)"));
            Node row = nodeAt(old);
            HostPort to = stage.anotherNameOf(old);
            Action.Move move = new Action.Move(
                    row,
                    Optional.of(memberOf(row)),
                    to,
                    Optional.of(new Action.Found(
                            stage.reportOf(to),
                            catalog.snapshot().placementsOf(row.group()).sampleRelation())));

            try (AutoCloseable _ = stage.writing("INSERT INTO public.orders SELECT generate_series(101, 200)")) {
                assertRefused(
                        catalog.perform(
                                new Action.UpdateNodes(List.of(move), Optional.empty(), Optional.empty(), "it moved")),
                        Refusal.Situation.LOCKED);
                assertThat(nodeAt(old).id()).isEqualTo(row.id());

                assertDone(catalog.perform(new Action.UpdateNodes(
                        List.of(move), Optional.of(Duration.ofMillis(200)), Optional.empty(), "it moved")));
            }

            assertThat(nodeAt(to).id()).isEqualTo(row.id());
            assertThat(stage.query(stage.coordinator(), "SELECT count(*) FROM public.orders"))
                    .isEqualTo("100");
        }

        @Test
        void rowsStayReadableWhileEmptyNodesComeAndGo() throws CoordinatorUnavailable {
            registerCoordinator();
            added();
            stage.distributedTable("orders", 2);
            stage.execute(stage.coordinator(), List.of("INSERT INTO public.orders SELECT generate_series(1, 100)"));

            HostPort second = added();
            assertDone(catalog.perform(remove(nodeAt(second), false)));

            assertThat(stage.query(stage.coordinator(), "SELECT count(*) FROM public.orders"))
                    .isEqualTo("100");
        }
    }

    private Action.RemoveNode remove(Node node, boolean dead) throws CoordinatorUnavailable {
        return new Action.RemoveNode(node, memberOf(node), dead, "its container is gone");
    }

    private List<Node> workers() throws CoordinatorUnavailable {
        return catalog.snapshot().nodes().stream()
                .filter(node -> !node.isCoordinator())
                .toList();
    }

    private List<JournalEntry> journal() throws CoordinatorUnavailable {
        return catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100));
    }

    private void assertNothingIsLeft() throws CoordinatorUnavailable {
        assertThat(catalog.snapshot().nodes()).isEmpty();
        assertThat(catalog.snapshot().ledger().members()).isEmpty();
    }

    private static Member member(Node node, Optional<Identity> identity) {
        return new Member(
                node.id(),
                node.group(),
                node.address(),
                identity,
                Origin.ADDED,
                Optional.of(SCOPE),
                Instant.parse("2030-01-01T00:00:00Z"),
                Optional.empty(),
                false,
                Set.of());
    }
}
