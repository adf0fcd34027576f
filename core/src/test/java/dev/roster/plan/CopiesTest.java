package dev.roster.plan;

import static dev.roster.plan.Scene.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeFailure;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Rows 4 to 7, 18 and 18b: standbys and copies of a member's data, and whether the member's row follows one. */
class CopiesTest {

    private static final Instant LATER = Reports.BOOT.plusSeconds(3600);

    private final Scene scene =
            new Scene().livingMember(2, 1, "pg-1", "8001").holdsSoleCopies(1).with(it -> it.answers("pg-1", primary()));

    private static Reports primary() {
        return Reports.ofGroup("8001", 1);
    }

    private static Reports standby() {
        Reports report = primary();
        report.inRecovery = true;
        report.startTime = LATER.minusSeconds(60);
        return report;
    }

    /** Promoted from timeline 1, which it left there. */
    private static Reports promoted(String fork) {
        Reports report = primary();
        report.startTime = LATER;
        report.timeline = 2;
        report.lsn = "0/4000000";
        report.forks = Map.of(1, fork);
        return report;
    }

    /** The same data, started anew elsewhere. */
    private static Reports restarted(String lsn) {
        Reports report = primary();
        report.startTime = LATER.plusSeconds(60);
        report.lsn = lsn;
        return report;
    }

    private Action.UpdateNodes follows(String host) {
        Plan plan = scene.plan();
        assertThat(Scene.verdict(plan, host).situation())
                .as(Scene.verdict(plan, host).sentence())
                .isEqualTo(Situation.FOLLOWING);
        List<Action.UpdateNodes> updates = plan.actions().stream()
                .filter(Action.UpdateNodes.class::isInstance)
                .map(Action.UpdateNodes.class::cast)
                .toList();
        assertThat(updates).hasSize(1);
        return updates.getFirst();
    }

    private Verdict keeps(String host, Situation situation) {
        Plan plan = scene.plan();
        Verdict verdict = Scene.verdict(plan, host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(situation);
        assertThat(plan.actions()).noneMatch(Action.UpdateNodes.class::isInstance);
        return verdict;
    }

    /** The standby is seen behind its living primary, as the ledger then says. */
    private Scene withKnownStandby() {
        return scene.worker("pg-1b")
                .answers("pg-1b", standby())
                .later(Duration.ofSeconds(5))
                .changeMember(2, member -> member.withCopies(Set.of(at("pg-1b")), Set.of()));
    }

    private Scene primaryDies() {
        return scene.worker("pg-1", WorkerHealth.STOPPED).isDead("pg-1");
    }

    /** Three tries over more than five seconds. */
    private Scene staysDead() {
        return scene.later(Duration.ofSeconds(3)).later(Duration.ofSeconds(3)).later(Duration.ofSeconds(1));
    }

    private Member noted() {
        return scene.plan().notes().stream()
                .filter(LedgerChange.PutMember.class::isInstance)
                .map(change -> ((LedgerChange.PutMember) change).member())
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class Row4 {

        @Test
        void aStandbyIsShownWithItsLagAndRememberedBehindItsPrimary() {
            Reports behind = standby();
            behind.lsn = "0/3000000";
            scene.worker("pg-1b").answers("pg-1b", behind);

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("pg-1:5432", "96 bytes behind");
            assertThat(noted().standbys()).containsExactly(at("pg-1b"));
        }

        @Test
        void whatIsRememberedIsWrittenOnce() {
            withKnownStandby();

            assertThat(scene.plan().notes()).isEmpty();
        }

        @Test
        void aStandbyThatNoSourceKnowsAnyMoreIsForgotten() {
            withKnownStandby().unsighted("pg-1b").probes.remove(at("pg-1b"));

            assertThat(noted().standbys()).isEmpty();
        }

        @Test
        void aStandbyIsNotFollowedWhileItIsOne() {
            withKnownStandby();
            primaryDies();
            staysDead();

            keeps("pg-1b", Situation.STANDBY);
        }
    }

    @Nested
    class Row5 {

        @Test
        void aKnownStandbyThatWasPromotedIsFollowedAfterOneFailedTry() {
            withKnownStandby();
            primaryDies().answers("pg-1b", promoted("0/3000060"));

            Action.UpdateNodes follow = follows("pg-1b");

            assertThat(follow.moves()).hasSize(1);
            assertThat(follow.moves().getFirst().to()).isEqualTo(at("pg-1b"));
            assertThat(follow.moves().getFirst().node().id().value()).isEqualTo(2);
            assertThat(follow.moves().getFirst().server().orElseThrow().relation())
                    .contains("public.d_102001");
            assertThat(follow.forceAfter()).isEmpty();
        }

        @Test
        void aKnownStandbyMayLackALittle() {
            withKnownStandby();
            primaryDies().answers("pg-1b", promoted("0/2F00061"));

            follows("pg-1b");
        }

        @Test
        void aKnownStandbyThatLacksMoreIsStale() {
            withKnownStandby();
            primaryDies().answers("pg-1b", promoted("0/2F0005F"));

            assertThat(keeps("pg-1b", Situation.STALE_COPY).sentence()).contains("1048577 bytes");
        }

        @Test
        void afterARestartOfRosterNothingMayBeLacking() {
            withKnownStandby().memory = Memory.NONE;
            primaryDies().answers("pg-1b", promoted("0/2FFFFFF"));
            keeps("pg-1b", Situation.STALE_COPY);

            scene.answers("pg-1b", promoted("0/3000000"));
            follows("pg-1b");
        }

        @Test
        void aPromotedServerThatNobodyKnewIsFollowedAfterThreeTriesOverFiveSeconds() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", promoted("0/3000060"));
            keeps("pg-9", Situation.COPY);

            staysDead();
            follows("pg-9");
        }

        @Test
        void aPromotedServerThatNobodyKnewMustHaveEverything() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", promoted("0/300005F"));
            staysDead();

            keeps("pg-9", Situation.STALE_COPY);
        }

        @Test
        void aPromotedServerThatNobodyKnewIsNotFollowedIfNobodyWatchedTheOldOneGo() {
            primaryDies().worker("pg-9").answers("pg-9", promoted("0/3000060"));
            staysDead();

            keeps("pg-9", Situation.STALE_COPY);
        }

        @Test
        void whereItLeftTheTimelineHasToBeKnown() {
            withKnownStandby();
            Reports report = promoted("0/3000060");
            report.forks = Map.of();
            primaryDies().answers("pg-1b", report);

            keeps("pg-1b", Situation.STALE_COPY);
        }

        @Test
        void anOldServerThatItsSourceCallsReadyIsNotGone() {
            withKnownStandby().isDead("pg-1").answers("pg-1b", promoted("0/3000060"));

            assertThat(keeps("pg-1b", Situation.COPY).sentence()).contains("calls it ready");
        }

        @Test
        void anOldServerThatIsOnlyStartingIsNotGone() {
            withKnownStandby()
                    .worker("pg-1", WorkerHealth.STARTING)
                    .fails("pg-1", ProbeFailure.NOT_NOW, "it is starting up")
                    .answers("pg-1b", promoted("0/3000060"));

            assertThat(keeps("pg-1b", Situation.COPY).sentence()).contains("starting up");
        }

        @Test
        void anOldServerThatWasNotAskedSinceIsAskedFirst() {
            withKnownStandby().answers("pg-1b", promoted("0/3000060")).probedBefore("pg-1", Duration.ofSeconds(3));

            keeps("pg-1b", Situation.COPY);
            assertThat(scene.plan().notes()).isEmpty();
        }

        @Test
        void afterASwitchoverTheOldPrimaryIsAStandbyAndTheRowFollows() {
            withKnownStandby().answers("pg-1", standby()).answers("pg-1b", promoted("0/3000060"));

            follows("pg-1b");
            assertThat(scene.verdict("pg-1").situation()).isEqualTo(Situation.FOLLOWING);
        }

        @Test
        void theSameRunningServerAtAnotherAddressIsFollowed() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", primary());

            assertThat(follows("pg-9").reason()).contains("same running server");
        }

        @Test
        void dataThatWasStartedAtAnotherAddressIsFollowedWhenTheOldOneIsGoneForGood() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", restarted("0/3000060"));
            staysDead();
            keeps("pg-9", Situation.COPY);

            scene.unsighted("pg-1").later(Duration.ofSeconds(1));
            follows("pg-9");
        }

        @Test
        void dataOfTheSameTimelineThatIsBehindIsStale() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().unsighted("pg-1").worker("pg-9").answers("pg-9", restarted("0/300005F"));
            staysDead();

            assertThat(keeps("pg-9", Situation.STALE_COPY).sentence()).contains("lacks the last 1 bytes");
        }

        @Test
        void aMemberWhoseDataIsElsewhereIsNotRemovedMeanwhile() {
            scene.holds(1, 0, 0, 0, 0).later(Duration.ofSeconds(5));
            primaryDies().unsighted("pg-1").worker("pg-9").answers("pg-9", restarted("0/300005F"));
            staysDead();

            assertThat(scene.plan().actions()).isEmpty();
        }

        @Test
        void sessionsAreEndedIfThatIsWanted() {
            scene.settings = PlanSettings.DEFAULTS.with(
                    new PlanSettings.Follow(Optional.of(Duration.ofSeconds(7)), 0, Duration.ofSeconds(5)));
            withKnownStandby();
            primaryDies().answers("pg-1b", promoted("0/3000060"));

            assertThat(follows("pg-1b").forceAfter()).contains(Duration.ofSeconds(7));
        }

        @Test
        void whatIsHeldIsNotFollowed() {
            withKnownStandby();
            primaryDies().answers("pg-1b", promoted("0/3000060"));
            scene.ordered(
                    dev.roster.ledger.Intent.Kind.HOLD, dev.roster.ledger.Intent.Stage.ORDERED, 2, "pg-1", "8001");

            assertThat(scene.filtered().actions()).noneMatch(Action.UpdateNodes.class::isInstance);
        }
    }

    @Nested
    class Row6 {

        @Test
        void dataThatIsWritableInTwoPlacesIsAnAlarmAndRemembered() {
            withKnownStandby().answers("pg-1b", promoted("0/3000060"));

            assertThat(keeps("pg-1b", Situation.TWIN).sentence()).contains("pg-1:5432");
            assertThat(noted().twins()).containsExactly(at("pg-1b"));
            assertThat(noted().standbys()).isEmpty();
        }

        @Test
        void aTwinIsNotFollowedWhenTheOldOneGoesDown() {
            scene.changeMember(2, member -> member.withCopies(Set.of(), Set.of(at("pg-1b"))))
                    .worker("pg-1b")
                    .later(Duration.ofSeconds(5));
            primaryDies().answers("pg-1b", promoted("0/3000060"));
            staysDead();

            assertThat(keeps("pg-1b", Situation.STALE_COPY).sentence()).contains("in two places");
        }

        @Test
        void aTwinIsFollowedOnceTheOldOneIsItsStandby() {
            scene.changeMember(2, member -> member.withCopies(Set.of(), Set.of(at("pg-1b"))))
                    .worker("pg-1b")
                    .later(Duration.ofSeconds(5))
                    .answers("pg-1", standby())
                    .answers("pg-1b", promoted("0/3000060"));

            follows("pg-1b");
        }

        @Test
        void aTwinThatIsAStandbyAgainIsOneNoLonger() {
            scene.changeMember(2, member -> member.withCopies(Set.of(), Set.of(at("pg-1b"))))
                    .worker("pg-1b")
                    .answers("pg-1b", standby());

            keeps("pg-1b", Situation.STANDBY);
            assertThat(noted().twins()).isEmpty();
            assertThat(noted().standbys()).containsExactly(at("pg-1b"));
        }

        @Test
        void ofTwoPromotedServersNeitherIsFollowed() {
            withKnownStandby().worker("pg-1c");
            Reports other = promoted("0/3000060");
            other.startTime = LATER.plusSeconds(1);
            primaryDies().answers("pg-1b", promoted("0/3000060")).answers("pg-1c", other);
            staysDead();

            keeps("pg-1b", Situation.TWIN);
            keeps("pg-1c", Situation.TWIN);
            assertThat(noted().twins()).containsExactlyInAnyOrder(at("pg-1b"), at("pg-1c"));
        }
    }

    @Nested
    class Row7 {

        @Test
        void aPointInTimeCopyIsStale() {
            scene.later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", promoted("0/1000000"));
            staysDead();

            assertThat(keeps("pg-9", Situation.STALE_COPY).sentence())
                    .contains("lacks the last", "roster follow pg-1:5432 --to pg-9:5432");
        }

        @Test
        void anOlderTimelineIsStale() {
            scene.answers("pg-1", promoted("0/2000000")).later(Duration.ofSeconds(5));
            primaryDies().worker("pg-9").answers("pg-9", restarted("0/9000000"));
            staysDead();

            assertThat(keeps("pg-9", Situation.STALE_COPY).sentence()).contains("timeline 1");
        }

        @Test
        void withoutTheShardsItIsNotFollowed() {
            withKnownStandby();
            Reports report = promoted("0/3000060");
            report.relation = Optional.of(false);
            primaryDies().answers("pg-1b", report);

            assertThat(keeps("pg-1b", Situation.STALE_COPY).sentence()).contains("d_102001");
        }
    }

    @Nested
    class Row20 {

        private void changePlaces() {
            scene.livingMember(3, 2, "pg-2", "8002")
                    .holdsSoleCopies(2)
                    .changeMember(3, member -> member)
                    .later(Duration.ofSeconds(5));
            scene.answers("pg-1", lackingTheRowsOwnShards(Reports.ofGroup("8002", 2)))
                    .answers("pg-2", lackingTheRowsOwnShards(primary()));
        }

        private static Reports lackingTheRowsOwnShards(Reports report) {
            report.relation = Optional.of(false);
            return report;
        }

        @Test
        void twoMembersThatChangedPlacesAreSetRightTogether() {
            changePlaces();

            Plan plan = scene.plan();

            assertThat(plan.actions()).singleElement().isInstanceOfSatisfying(Action.UpdateNodes.class, update -> {
                assertThat(update.moves()).extracting(Action.Move::to).containsExactly(at("pg-2"), at("pg-1"));
                assertThat(update.nodes()).extracting(node -> node.id().value()).containsExactly(2, 3);
            });
            assertThat(Scene.verdict(plan, "pg-1").situation()).isEqualTo(Situation.FOLLOWING);
            assertThat(Scene.verdict(plan, "pg-2").situation()).isEqualTo(Situation.FOLLOWING);
        }

        @Test
        void restartedOnesAreSetRightOnceTheyAnsweredTwice() {
            changePlaces();
            Reports other = Reports.ofGroup("8002", 2);
            other.startTime = LATER;
            scene.answers("pg-1", lackingTheRowsOwnShards(other))
                    .answers("pg-2", lackingTheRowsOwnShards(restarted("0/3000060")));
            keeps("pg-1", Situation.MOVED);

            scene.later(Duration.ofSeconds(6));
            assertThat(scene.plan().actions()).hasSize(1);
        }

        @Test
        void oneOfThemThatIsBehindHoldsBoth() {
            changePlaces();
            scene.answers("pg-2", restarted("0/300005F")).later(Duration.ofSeconds(6));

            keeps("pg-1", Situation.MOVED);
            keeps("pg-2", Situation.MOVED);
        }

        @Test
        void aServerAtTheAddressOfAMemberThatIsNowhereIsAnAlarm() {
            scene.livingMember(3, 2, "pg-2", "8002").later(Duration.ofSeconds(5));
            scene.answers("pg-2", primary()).isDead("pg-1");

            assertThat(keeps("pg-2", Situation.MOVED).sentence()).contains("pg-1:5432");
        }
    }

    @Nested
    class Rows18And18b {

        @Test
        void aPrimaryInRecoveryWithoutAnyOtherIsAnAlarm() {
            scene.answers("pg-1", standby());

            keeps("pg-1", Situation.WRONG_RECOVERY_STATE);
        }

        @Test
        void aPromotedSecondaryChangesPlacesWithItsPrimary() {
            scene.secondary(3, 1, "pg-1b").worker("pg-1b").answers("pg-1b", standby());
            scene.later(Duration.ofSeconds(5))
                    .changeMember(2, member -> member.withCopies(Set.of(at("pg-1b")), Set.of()));
            primaryDies().answers("pg-1b", promoted("0/3000060"));

            Action.UpdateNodes swap = follows("pg-1b");

            assertThat(swap.moves()).hasSize(2);
            assertThat(swap.moves().getFirst().to()).isEqualTo(at("pg-1b"));
            assertThat(swap.moves().getLast().node().id().value()).isEqualTo(3);
            assertThat(swap.moves().getLast().to()).isEqualTo(at("pg-1"));
            assertThat(swap.moves().getLast().server()).isEmpty();
        }

        @Test
        void aPromotedSecondaryBesideItsLivingPrimaryIsATwin() {
            scene.secondary(3, 1, "pg-1b").worker("pg-1b").answers("pg-1b", promoted("0/3000060"));

            keeps("pg-1b", Situation.TWIN);
            assertThat(noted().twins()).containsExactly(at("pg-1b"));
        }
    }
}
