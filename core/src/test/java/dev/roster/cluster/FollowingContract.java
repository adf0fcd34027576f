package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.plan.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every implementation of {@link CoordinatorCatalog} has to do to lead a row to another address.
 */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class FollowingContract extends CatalogContract {

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
        assertThat(catalog.snapshot().placementsOf(row.group()).distributed()).isEqualTo(4);
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO public.orders VALUES (length('s3cret'))",
                "INSERT INTO public.orders VALUES (length(E'it\\'s s3cret'))",
                "INSERT INTO public.orders VALUES (length($$it's s3cret$$))"
            })
    void noTextIsShownOfTheQueryThatIsNamed(String query) throws Exception {
        HostPort old = added();
        stage.distributedTable("orders", 4);
        Action follow = follow(nodeAt(old), stage.anotherNameOf(old));

        try (AutoCloseable _ = stage.writing(query)) {
            assertThat(assertRefused(catalog.perform(follow), Refusal.Situation.LOCKED)
                            .sentence())
                    .contains("INSERT INTO public.orders VALUES (length(")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void aSessionThatWritesIsEndedByForce() throws Exception {
        HostPort old = added();
        stage.distributedTable("orders", 4);
        HostPort to = stage.anotherNameOf(old);

        try (AutoCloseable _ = stage.writing("INSERT INTO public.orders VALUES (7)")) {
            assertDone(catalog.perform(new Action.UpdateNodes(
                    List.of(move(nodeAt(old), to)), Optional.of(Duration.ofMillis(500)), Optional.empty(), "moved")));
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
