package dev.roster.plan;

import static dev.roster.plan.WorkerRowsTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Rows 12 to 23, one nested class for each row: a node that is sighted. */
class NodeRowsTest {

    private final Scene scene = new Scene();

    private Verdict judged(String host, Situation situation) {
        Verdict verdict = scene.verdict(host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(situation);
        return verdict;
    }

    private Verdict keeps(String host, Situation situation) {
        Verdict verdict = judged(host, situation);
        assertThat(scene.plan().actions()).isEmpty();
        return verdict;
    }

    private List<Member> put() {
        return scene.plan().notes().stream()
                .filter(LedgerChange.PutMember.class::isInstance)
                .map(change -> ((LedgerChange.PutMember) change).member())
                .toList();
    }

    @Nested
    @DisplayName("row 12")
    class Row12 {

        @Test
        void theCoordinatorsRowIsNeverTouched() {
            keeps("master", Situation.COORDINATOR_ROW);

            scene.worker("master");
            keeps("master", Situation.COORDINATOR_ROW);
        }

        @Test
        void aCloneRowIsNeverTouched() {
            scene.node(2, 1, "pg-1")
                    .change(
                            2,
                            node -> new Node(
                                    node.id(),
                                    node.group(),
                                    node.address(),
                                    node.role(),
                                    node.cluster(),
                                    true,
                                    true,
                                    true,
                                    true,
                                    true));
            keeps("pg-1", Situation.COORDINATOR_ROW);
        }
    }

    @Nested
    @DisplayName("row 13")
    class Row13 {

        @ParameterizedTest
        @EnumSource(
                names = {"READY", "UNKNOWN"},
                mode = Mode.EXCLUDE)
        void keepsANodeWhoseWorkerIsNotReady(WorkerHealth health) {
            scene.goneMember(2, 1, "pg-1", "7001").worker("pg-1", health);

            assertThat(keeps("pg-1", Situation.MEMBER_NOT_READY).sentence())
                    .contains("the row is kept until it is back")
                    .contains("other nodes cannot be added");
        }
    }

    @Nested
    @DisplayName("row 14")
    class Row14 {

        @Test
        void whatSomebodyElseDisabledStaysDisabled() {
            scene.livingMember(2, 1, "pg-1", "7001").inactive(2);

            assertThat(keeps("pg-1", Situation.DISABLED_BY_OTHERS).sentence())
                    .contains("SELECT citus_activate_node('pg-1', 5432);");
        }
    }

    @Nested
    @DisplayName("row 15")
    class Row15 {

        @Test
        void whatRosterDisabledIsActivatedWhenItsDataIsBack() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));

            judged("pg-1", Situation.REACTIVATING);
            assertThat(scene.plan().actions()).singleElement().isInstanceOf(Action.ActivateNode.class);
        }

        @Test
        void itWaitsForAnAnswer() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));
            scene.isDead("pg-1");

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence())
                    .contains("activated when its server answers");
        }

        @Test
        void anotherServerIsNotActivated() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));
            scene.holds(1, 8, 0, 1, 0).answersBlank("pg-1", "7002");

            keeps("pg-1", Situation.REPLACED);
        }

        @Test
        void theMarkIsErasedOnceTheRowIsActive() {
            scene.livingMember(2, 1, "pg-1", "7001").changeMember(2, member -> member.withDisabledByRoster(true));

            judged("pg-1", Situation.MEMBER);
            assertThat(put())
                    .singleElement()
                    .extracting(Member::disabledByRoster)
                    .isEqualTo(false);
        }
    }

    @Nested
    @DisplayName("row 16")
    class Row16 {

        @Test
        void aMemberNotProbedYetIsKept() {
            scene.node(2, 1, "pg-1").member(2, "7001").worker("pg-1");

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence()).contains("identity unknown");
        }

        @Test
        void aMemberThatDoesNotAnswerIsKeptAndWhatItHindersIsSaid() {
            scene.livingMember(2, 1, "pg-1", "7001").isDead("pg-1");

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence())
                    .startsWith("Member of group 1, but its server does not answer the coordinator's probe since ")
                    .contains("nobody listens there")
                    .endsWith("other nodes cannot be added or changed, and reference tables not written");
        }

        @Test
        void withoutProbesItSaysSo() {
            scene.settings = Settings.withoutProbes();
            scene.node(2, 1, "pg-1").member(2, "7001").worker("pg-1");

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence()).contains("roster.probe.mode=off");
        }

        @Test
        void aProbeLackingProofIsNoProofAgainst() {
            scene.node(2, 1, "pg-1").worker("pg-1");
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.coordinator = Optional.empty()));

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence()).contains("could not be proved");
        }

        @Test
        void whereTheCoordinatorHasNoRowTheCallThatGivesItOneIsNamed() {
            scene.registered = Optional.empty();
            scene.node(2, 1, "pg-1").worker("pg-1");
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.coordinator = Optional.empty()));

            assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence())
                    .contains("SELECT citus_set_coordinator_host(");
        }
    }

    @Nested
    @DisplayName("row 17")
    class Row17 {

        @Test
        void aMemberIsAMember() {
            scene.livingMember(2, 1, "pg-1", "7001");

            assertThat(keeps("pg-1", Situation.MEMBER).sentence())
                    .isEqualTo("Member of group 1, added by Roster, seen by docker");
            assertThat(scene.plan().notes()).isEmpty();
        }

        @Test
        void aNewLsnAloneIsNotWritten() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.lsn = "1/0"));

            assertThat(scene.plan().notes()).isEmpty();
        }

        @Test
        void aRestartIsWritten() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.startTime = scene.now));

            assertThat(put())
                    .singleElement()
                    .satisfies(
                            member -> assertThat(member.lastSeen().orElseThrow().startTime())
                                    .isEqualTo(scene.now));
        }

        @Test
        void anotherScopeIsWritten() {
            scene.livingMember(2, 1, "pg-1", "7001").unsighted("pg-1").listed("pg-1");

            assertThat(put()).singleElement().extracting(Member::scope).isEqualTo(Optional.of(Scene.LIST));
        }

        @Test
        void theSpellingOfTheRowIsWritten() {
            scene.livingMember(2, 1, "pg-1", "7001").node(2, 1, "PG-1");

            assertThat(put())
                    .singleElement()
                    .extracting(member -> member.address().host())
                    .isEqualTo("PG-1");
        }

        @Test
        void anAliasIsWritten() {
            scene.node(2, 1, "10.0.0.7").member(2, "7001").answersOfGroup("10.0.0.7", "7001", 1);
            scene.worker("shop_worker_1").answersOfGroup("shop_worker_1", "7001", 1);

            assertThat(put()).singleElement().extracting(Member::aliases).isEqualTo(Set.of(Scene.at("shop_worker_1")));
        }

        @Test
        void metadataOutOfSyncForLongIsAnAlarm() {
            scene.livingMember(2, 1, "pg-1", "7001").unsynced(2);
            keeps("pg-1", Situation.MEMBER);

            scene.later(Duration.ofSeconds(121));

            assertThat(keeps("pg-1", Situation.OUT_OF_SYNC).sentence()).contains("metadatasynced=false");
        }

        @Test
        void anAdoptedNodeSightedUnderExactlyItsNameWithTheRoleLabelIsRostersOwn() {
            scene.node(2, 1, "pg-1")
                    .member(2, "7001", Origin.ADOPTED, Scene.DOCKER)
                    .worker("pg-1");
            scene.answersOfGroup("pg-1", "7001", 1);

            assertThat(put()).singleElement().extracting(Member::origin).isEqualTo(Origin.ADDED);
            assertThat(scene.plan().notes()).anyMatch(LedgerChange.Append.class::isInstance);
        }

        @Test
        void anAdoptedNodeSightedUnderAnotherNameIsNot() {
            scene.node(2, 1, "10.0.0.7").member(2, "7001", Origin.ADOPTED, Scene.DOCKER);
            scene.answersOfGroup("10.0.0.7", "7001", 1);
            scene.worker("shop_worker_1").answersOfGroup("shop_worker_1", "7001", 1);

            assertThat(put()).singleElement().extracting(Member::origin).isEqualTo(Origin.ADOPTED);
        }

        @Test
        void aMemberAddedBlindlyGetsItsIdentity() {
            scene.livingMember(2, 1, "pg-1", "7001").changeMember(2, NodeRowsTest::withoutIdentity);

            judged("pg-1", Situation.MEMBER);
            assertThat(put())
                    .singleElement()
                    .satisfies(member -> assertThat(member.identity()).contains(new Identity("7001", "server-7001")));
        }

        @Test
        void aRelationThatMovedAwayFromARunningServerIsNoLoss() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.relation = Optional.of(false)));

            judged("pg-1", Situation.MEMBER);
        }

        @Test
        void aSecondaryShowsItsLag() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .secondary(3, 1, "pg-1b")
                    .member(3, "7001")
                    .worker("pg-1b");
            scene.answers("pg-1b", with(Reports.ofGroup("7001", 1), report -> {
                report.inRecovery = true;
                report.lsn = "0/3000000";
                report.startTime = Reports.BOOT.plusSeconds(3);
            }));

            assertThat(keeps("pg-1b", Situation.MEMBER).sentence()).contains("96 bytes behind its primary");
        }
    }

    @Nested
    @DisplayName("rows 18 and 18b, in their place")
    class Row18 {

        @Test
        void aPrimaryInRecoveryIsKeptWithAnAlarm() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.inRecovery = true));

            assertThat(keeps("pg-1", Situation.WRONG_RECOVERY_STATE).sentence()).contains("pg_promote()");
        }

        @Test
        void aWritableSecondaryIsKeptWithAnAlarm() {
            scene.node(2, 1, "pg-1")
                    .secondary(3, 1, "pg-1b")
                    .member(3, "7001")
                    .worker("pg-1b")
                    .answersOfGroup("pg-1b", "7001", 1);

            keeps("pg-1b", Situation.WRONG_RECOVERY_STATE);
        }
    }

    @Nested
    @DisplayName("row 19")
    class Row19 {

        @Test
        void aNodeOfThisClusterIsAdopted() {
            scene.node(2, 1, "pg-1").worker("pg-1").answersOfGroup("pg-1", "7001", 1);

            judged("pg-1", Situation.ADOPTING);
            assertThat(scene.plan().actions()).singleElement().isInstanceOfSatisfying(Action.AdoptNode.class, adopt -> {
                assertThat(adopt.scope()).isEqualTo(Scene.DOCKER);
                assertThat(adopt.identity().systemIdentifier()).isEqualTo("7001");
            });
        }

        @Test
        void aNodeWhoseServerLacksItsShardsIsNot() {
            scene.node(2, 1, "pg-1").worker("pg-1").holdsSoleCopies(1);
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.relation = Optional.of(false)));

            keeps("pg-1", Situation.REPLACED);
        }

        @Test
        void aNodeWhoseServerIsOfAnotherGroupIsNot() {
            scene.node(2, 1, "pg-1").worker("pg-1").answersOfGroup("pg-1", "7001", 2);

            keeps("pg-1", Situation.REPLACED);
        }

        @Test
        void aNodeWhoseServerIsOfAnotherClusterIsNot() {
            scene.node(2, 1, "pg-1").worker("pg-1");
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> report.coordinator = Optional.of("8888")));

            assertThat(keeps("pg-1", Situation.REPLACED).sentence()).contains("another cluster");
        }
    }

    @Nested
    @DisplayName("row 21")
    class Row21 {

        @Test
        void aMajorUpgradeIsRecorded() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.answers("pg-1", upgraded(Optional.of(true)));

            keeps("pg-1", Situation.REINITIALISED);
            assertThat(put())
                    .singleElement()
                    .satisfies(
                            member -> assertThat(member.identity().orElseThrow().systemIdentifier())
                                    .isEqualTo("7777"));
        }

        @Test
        void withoutTheShardsItIsNoUpgrade() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.answers("pg-1", upgraded(Optional.of(false)));

            keeps("pg-1", Situation.REPLACED);
        }

        @Test
        void anEmptyServerIdProvesNothing() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.changeMember(2, member -> withIdentity(member, Optional.of(new Identity("7001", ""))));
            scene.answers("pg-1", with(upgraded(Optional.of(true)), report -> report.serverId = ""));

            keeps("pg-1", Situation.REPLACED);
        }

        private Reports upgraded(Optional<Boolean> relation) {
            Reports report = Reports.ofGroup("7777", 1);
            report.serverId = "server-7001";
            report.relation = relation;
            return report;
        }
    }

    @Nested
    @DisplayName("row 22")
    class Row22 {

        @Test
        void anEmptyMembersNewServerReplacesItAfterTwoProbes() {
            scene.livingMember(2, 1, "pg-1", "7001").answersBlank("pg-1", "7002");
            keeps("pg-1", Situation.EMPTY_SERVER_REPLACED);

            scene.later(Duration.ofSeconds(5));

            judged("pg-1", Situation.EMPTY_SERVER_REPLACED);
            assertThat(scene.plan().actions())
                    .singleElement()
                    .isInstanceOfSatisfying(Action.ReplaceEmptyNode.class, replace -> {
                        assertThat(replace.identity().systemIdentifier()).isEqualTo("7002");
                        assertThat(replace.worker().address()).isEqualTo(Scene.at("pg-1"));
                    });
        }

        @Test
        void aServerToWhichCitusSentTheRowsMetadataIsEmptyToo() {
            scene.livingMember(2, 1, "pg-1", "7001").answersOfGroup("pg-1", "7002", 1);
            scene.later(Duration.ofSeconds(5));

            judged("pg-1", Situation.EMPTY_SERVER_REPLACED);
            assertThat(scene.plan().actions()).hasSize(1);
        }

        @Test
        void aThirdIdentityStartsAnew() {
            scene.livingMember(2, 1, "pg-1", "7001").answersBlank("pg-1", "7002");
            scene.later(Duration.ofSeconds(5)).answersBlank("pg-1", "7003");

            keeps("pg-1", Situation.EMPTY_SERVER_REPLACED);
        }

        @Test
        void aNodeWithShardsIsNeverReplaced() {
            for (int[] held : new int[][] {{8, 8, 1, 0}, {8, 0, 1, 0}, {0, 0, 1, 1}}) {
                Scene one = new Scene().livingMember(2, 1, "pg-1", "7001").holds(1, held[0], held[1], held[2], held[3]);
                one.answersBlank("pg-1", "7002").later(Duration.ofSeconds(5));

                assertThat(one.verdict("pg-1").situation()).isEqualTo(Situation.REPLACED);
                assertThat(one.plan().actions()).isEmpty();
            }
        }

        @Test
        void aServerThatMayNotJoinDoesNotReplace() {
            scene.livingMember(2, 1, "pg-1", "7001");
            scene.answers("pg-1", with(Reports.blank("7002"), report -> report.clashing = List.of("public.d")));
            scene.later(Duration.ofSeconds(5));

            keeps("pg-1", Situation.REPLACED);
        }

        @Test
        void theServerOfAnotherMemberDoesNotReplace() {
            scene.livingMember(2, 1, "pg-1", "7001").livingMember(3, 2, "pg-2", "7002");
            scene.answersOfGroup("pg-1", "7002", 2).later(Duration.ofSeconds(5));

            assertThat(keeps("pg-1", Situation.MOVED).sentence()).contains("server of member pg-2:5432");
        }
    }

    @Nested
    @DisplayName("row 23")
    class Row23 {

        @Test
        void aServerThatCameBackEmptyIsAnAlarmThatNamesTheWaysOut() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1).answersBlank("pg-1", "7002");

            assertThat(keeps("pg-1", Situation.REPLACED).sentence())
                    .isEqualTo(
                            "Replaced: the server at its address came back empty, it belongs to no group (system"
                                    + " identifier 7002 instead of 7001); nothing is done, since its 8 distributed placements (8"
                                    + " without another copy) cannot be reached. Ways out: bring the server with its old data"
                                    + " directory back to this address; or, if that runs elsewhere, SELECT citus_update_node(2,"
                                    + " 'host', port); or restore it from a backup. Until then keep writers away from this server");
        }

        @Test
        void theSameIdentifierWithoutTheDataIsReplacedToo() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.answers("pg-1", with(Reports.ofGroup("7001", 1), report -> {
                report.relation = Optional.of(false);
                report.startTime = scene.now;
            }));

            assertThat(keeps("pg-1", Situation.REPLACED).sentence()).contains("lacks the shards of its group 1");
        }
    }

    @Test
    void aMemberWhoseRowSomebodyElseRemovedIsForgottenAndKnownWhenItComesBack() {
        scene.livingMember(2, 1, "pg-1", "7001");
        scene.nodes.remove(new NodeId(2));

        assertThat(scene.plan().notes()).hasSize(3).first().isInstanceOfSatisfying(LedgerChange.Bury.class, bury -> {
            assertThat(bury.tombstone().node()).isEqualTo(new NodeId(2));
            assertThat(bury.tombstone().removedBy()).isEqualTo("somebody else");
        });
    }

    @Test
    void aVanishedMemberOfUnknownIdentityIsForgotten() {
        scene.livingMember(2, 1, "pg-1", "7001").changeMember(2, NodeRowsTest::withoutIdentity);
        scene.nodes.remove(new NodeId(2));

        assertThat(scene.plan().notes()).first().isEqualTo(new LedgerChange.ForgetMember(new NodeId(2)));
    }

    @Test
    void aLoginThatIsRefusedIsSaid() {
        scene.livingMember(2, 1, "pg-1", "7001").fails("pg-1", ProbeFailure.LOGIN, "refuses the password");

        assertThat(keeps("pg-1", Situation.IDENTITY_UNKNOWN).sentence()).contains("refuses the password");
    }

    @Test
    void addressesCompareIgnoringCase() {
        scene.livingMember(2, 1, "My_Worker.A-1", "7001")
                .unsighted("My_Worker.A-1")
                .worker("my_worker.a-1");

        judged("my_worker.a-1", Situation.MEMBER);
        assertThat(scene.plan().verdicts()).extracting(Verdict::address).contains(new HostPort("My_Worker.A-1", 5432));
    }

    private static Member withoutIdentity(Member member) {
        return withIdentity(member, Optional.empty());
    }

    private static Member withIdentity(Member member, Optional<Identity> identity) {
        return new Member(
                member.node(),
                member.group(),
                member.address(),
                identity,
                member.origin(),
                member.scope(),
                member.since(),
                member.lastSeen(),
                member.disabledByRoster(),
                member.aliases());
    }
}
