package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
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
 * What every implementation of {@link CoordinatorCatalog} has to do for standbys that become secondaries and go again. Run on
 * the fake, on PostgreSQL with the Citus stand-in, and on real Citus, the latter two with real streaming replication.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
public abstract class SecondariesContract extends CatalogContract {

    @BeforeEach
    void register() throws CoordinatorUnavailable {
        registerCoordinator();
    }

    @Nested
    @Tag("catalog")
    class Registering {

        @Test
        void makesAStandbyASecondaryOfItsPrimarysGroup() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort standby = stage.standbyOf(primary);

            assertDone(catalog.perform(register(standby, primary)));

            Node row = nodeAt(standby);
            assertThat(row.role()).isEqualTo(NodeRole.SECONDARY);
            assertThat(row.group()).isEqualTo(nodeAt(primary).group());
            assertThat(row.isActive()).isTrue();
            assertThat(row.hasMetadata()).isFalse();
            Member member = memberOf(row);
            assertThat(member.origin()).isEqualTo(Origin.ADDED);
            assertThat(member.identity()).contains(stage.identityOf(primary));
            assertThat(member.lastSeen())
                    .hasValueSatisfying(seen -> assertThat(seen.inRecovery()).isTrue());
            assertThat(journal().getFirst().sentence())
                    .startsWith("Standby " + standby + " registered as secondary of " + primary);
        }

        @Test
        void aSecondTimeChangesNothing() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort standby = stage.standbyOf(primary);
            Action register = register(standby, primary);
            assertDone(catalog.perform(register));
            List<Node> rows = catalog.snapshot().nodes();

            assertThat(catalog.perform(register)).isInstanceOf(Outcome.AlreadyTrue.class);

            assertThat(catalog.snapshot().nodes()).isEqualTo(rows);
        }

        @Test
        void refusesAnotherServerThanTheOneJudged() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort standby = stage.standbyOf(primary);
            HostPort other = stage.newServer();
            ServerReport report = stage.reportOf(standby);

            assertRefused(catalog.perform(register(other, primary, report)), Situation.IDENTITY_CHANGED);

            assertNoSecondary();
        }

        @Test
        void leavesAServerThatIsWritableByNow() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort writable = stage.anotherNameOf(primary);

            assertThat(catalog.perform(register(writable, primary, stage.reportOf(primary))))
                    .isInstanceOf(Outcome.Outdated.class);

            assertNoSecondary();
        }

        @Test
        void refusesWhilePrimaryOrStandbyDoesNotAnswer() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort standby = stage.standbyOf(primary);
            Action register = register(standby, primary);

            stage.stop(primary);
            assertRefused(catalog.perform(register), Situation.NODE_UNREACHABLE);
            stage.start(primary);
            stage.stop(standby);
            assertRefused(catalog.perform(register), Situation.NODE_UNREACHABLE);

            assertNoSecondary();
        }

        @Test
        void waitsForEveryOtherPrimary() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort away = added();
            HostPort standby = stage.standbyOf(primary);
            Action register = register(standby, primary);
            stage.stop(away);

            Refusal refusal = assertRefused(catalog.perform(register), Situation.OTHER_NODE_UNREACHABLE);

            assertThat(refusal.culprit()).contains(away);
            assertNoSecondary();
        }

        @Test
        void leavesAPrimarysRowThatHasChanged() throws CoordinatorUnavailable {
            added();
            HostPort primary = added();
            HostPort standby = stage.standbyOf(primary);
            Action register = register(standby, primary);
            stage.removeByHand(primary);

            assertThat(catalog.perform(register)).isInstanceOf(Outcome.Outdated.class);

            assertNoSecondary();
        }

        @Test
        void aDeadSecondaryHindersNobody() throws CoordinatorUnavailable {
            HostPort primary = added();
            stage.referenceTable("countries");
            HostPort standby = registered(primary);
            stage.stop(standby);

            HostPort another = added();

            assertThat(nodeAt(another).isActivePrimary()).isTrue();
        }
    }

    @Nested
    @Tag("catalog")
    class Unregistering {

        @Test
        void takesTheRowOfADeadSecondaryWhoseGroupHoldsSoleCopies() throws CoordinatorUnavailable {
            HostPort primary = added();
            stage.distributedTable("orders", 4);
            stage.referenceTable("countries");
            HostPort standby = registered(primary);
            stage.stop(standby);

            assertDone(catalog.perform(remove(standby, true)));

            assertNoSecondary();
            ClusterSnapshot after = catalog.snapshot();
            assertThat(after.placementsOf(nodeAt(primary).group()).soleDistributed())
                    .isEqualTo(4);
            assertThat(after.ledger().members()).extracting(Member::address).containsExactly(primary);
            assertThat(after.ledger().tombstones()).isEmpty();
            assertThat(journal().getFirst().sentence()).startsWith("Secondary " + standby + " of group ");
        }

        @Test
        void anOrderTakesALivingOne() throws CoordinatorUnavailable {
            HostPort primary = added();
            stage.distributedTable("orders", 4);
            HostPort standby = registered(primary);
            Node row = nodeAt(standby);
            Intent order = Intent.ordered(
                    Intent.Kind.REMOVE,
                    Optional.of(row.id()),
                    standby,
                    Optional.empty(),
                    true,
                    Intent.TransferMode.AUTO,
                    Optional.empty(),
                    "operator",
                    Instant.parse("2030-01-01T00:00:00Z"));
            catalog.record(List.of(new LedgerChange.GiveIntent(order)));

            assertDone(
                    catalog.perform(new Action.RemoveNode(row, memberOf(row), false, Optional.of(order), "ordered")));

            assertNoSecondary();
        }

        @Test
        void waitsForEveryPrimary() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort away = added();
            HostPort standby = registered(primary);
            Action remove = remove(standby, false);
            stage.stop(away);

            assertRefused(catalog.perform(remove), Situation.OTHER_NODE_UNREACHABLE);

            assertThat(nodeAt(standby).role()).isEqualTo(NodeRole.SECONDARY);
        }

        @Test
        void comesAfterItsPrimaryWasRemoved() throws CoordinatorUnavailable {
            added();
            HostPort primary = added();
            HostPort standby = registered(primary);

            assertDone(catalog.perform(remove(primary, false)));
            assertThat(nodeAt(standby).role()).isEqualTo(NodeRole.SECONDARY);
            assertDone(catalog.perform(remove(standby, false)));

            assertNoSecondary();
        }

        @Test
        void comesAfterItsDeadPrimaryWasRemoved() throws CoordinatorUnavailable {
            added();
            HostPort primary = added();
            stage.referenceTable("countries");
            HostPort standby = registered(primary);
            stage.stop(primary);

            assertRefused(catalog.perform(remove(standby, false)), Situation.OTHER_NODE_UNREACHABLE);
            assertDone(catalog.perform(remove(primary, true)));
            assertDone(catalog.perform(remove(standby, false)));

            assertNoSecondary();
        }
    }

    @Nested
    @Tag("catalog")
    class BesideIt {

        @Test
        void aDrainOfItsPrimaryMovesTheShardsToOtherPrimaries() throws CoordinatorUnavailable {
            HostPort kept = added();
            HostPort primary = added();
            stage.distributedTable("orders", 4);
            registered(primary);

            DrainPreview preview = catalog.previewDrain(nodeAt(primary));

            assertThat(preview.refusal()).isEmpty();
            assertThat(preview.moves())
                    .hasSize(2)
                    .allSatisfy(move -> assertThat(move.target()).isEqualTo(kept));
        }

        @Test
        void aSwapKeepsBothRowsAndBothMembers() throws CoordinatorUnavailable {
            HostPort primary = added();
            HostPort standby = registered(primary);
            Node first = nodeAt(primary);
            Node second = nodeAt(standby);
            stage.stop(primary);
            stage.promote(standby);

            assertDone(catalog.perform(new Action.UpdateNodes(
                    List.of(
                            new Action.Move(
                                    first,
                                    Optional.of(memberOf(first)),
                                    standby,
                                    Optional.of(new Action.Found(stage.reportOf(standby), Optional.empty()))),
                            new Action.Move(second, Optional.of(memberOf(second)), primary, Optional.empty())),
                    Optional.empty(),
                    Optional.empty(),
                    "its standby was promoted")));

            assertThat(nodeAt(standby).id()).isEqualTo(first.id());
            assertThat(nodeAt(standby).role()).isEqualTo(NodeRole.PRIMARY);
            assertThat(nodeAt(primary).id()).isEqualTo(second.id());
            assertThat(nodeAt(primary).role()).isEqualTo(NodeRole.SECONDARY);
            assertThat(memberOf(nodeAt(primary)).origin()).isEqualTo(Origin.ADDED);
            assertThat(memberOf(nodeAt(primary)).address()).isEqualTo(primary);
        }
    }

    private HostPort registered(HostPort primary) throws CoordinatorUnavailable {
        HostPort standby = stage.standbyOf(primary);
        assertDone(catalog.perform(register(standby, primary)));
        return standby;
    }

    private Action.RegisterSecondary register(HostPort standby, HostPort primary) throws CoordinatorUnavailable {
        return register(standby, primary, stage.reportOf(standby));
    }

    private Action.RegisterSecondary register(HostPort standby, HostPort primary, ServerReport report)
            throws CoordinatorUnavailable {
        Node row = nodeAt(primary);
        return new Action.RegisterSecondary(
                worker(standby),
                row,
                new Action.Found(
                        report, catalog.snapshot().placementsOf(row.group()).sampleRelation()),
                "its standby");
    }

    private Action.RemoveNode remove(HostPort address, boolean dead) throws CoordinatorUnavailable {
        Node row = nodeAt(address);
        return new Action.RemoveNode(row, memberOf(row), dead, "absent");
    }

    private void assertNoSecondary() throws CoordinatorUnavailable {
        assertThat(catalog.snapshot().nodes()).noneMatch(node -> node.role() == NodeRole.SECONDARY);
    }
}
