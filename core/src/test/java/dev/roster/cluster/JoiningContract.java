package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Action;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do to bring nodes in, and with whom it must not.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class JoiningContract extends CatalogContract {

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
        void isNeverThatOfAStandbyThoughItHasTheCoordinatorsIdentifier() throws CoordinatorUnavailable {
            HostPort standby = stage.standbyOf(stage.coordinator());

            Outcome outcome = catalog.perform(new Action.SetCoordinatorAddress(standby, Optional.empty(), "wrong"));

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
        void staysWhereSomebodyRefusesTheLoginWhoMayBeTheCoordinator() throws CoordinatorUnavailable {
            assertDone(catalog.perform(
                    new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));
            HostPort refusing = stage.unfitServer(CatalogStage.Fault.PASSWORD);
            stage.misregister(stage.coordinator(), refusing);

            Outcome outcome = catalog.perform(new Action.SetCoordinatorAddress(
                    stage.coordinator(), Optional.of(refusing), "another of its hosts is the coordinator now"));

            assertRefused(outcome, Refusal.Situation.LOGIN_REFUSED);
            assertThat(catalog.snapshot().coordinator().registered()).contains(refusing);
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
                    .map(JoiningContract.this::add)
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
}
