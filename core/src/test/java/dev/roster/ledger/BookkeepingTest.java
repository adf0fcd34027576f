package dev.roster.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookkeepingTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Scope SCOPE = new Scope("docker", "engine A, project shop");
    private static final HostPort ADDRESS = new HostPort("pg-3", 5432);
    private static final Identity IDENTITY = new Identity("7001", "srv-1");
    private static final NodeId NODE = new NodeId(7);
    private static final GroupId GROUP = new GroupId(4);
    private static final Worker WORKER =
            new Worker("pg-3", ADDRESS, WorkerHealth.READY, "", Optional.empty(), SCOPE, true);
    private static final Node ROW =
            new Node(NODE, GROUP, ADDRESS, NodeRole.PRIMARY, "default", true, true, true, false, false);
    private static final Member MEMBER = new Member(
            NODE,
            GROUP,
            ADDRESS,
            Optional.of(IDENTITY),
            Origin.ADDED,
            Optional.of(SCOPE),
            NOW.minusSeconds(60),
            Optional.empty(),
            false,
            Set.of());

    @Test
    void anAddedWorkerIsAMemberAndNoLongerBuried() {
        var add = new Action.AddNode(WORKER, Optional.of(IDENTITY), Optional.empty(), "seen by docker and ready");

        List<LedgerChange> changes = Bookkeeping.done(add, NODE, GROUP, NOW);

        assertThat(changes)
                .containsExactly(
                        new LedgerChange.PutMember(new Member(
                                NODE,
                                GROUP,
                                ADDRESS,
                                Optional.of(IDENTITY),
                                Origin.ADDED,
                                Optional.of(SCOPE),
                                NOW,
                                Optional.empty(),
                                false,
                                Set.of())),
                        new LedgerChange.Unbury(IDENTITY),
                        new LedgerChange.Append(new JournalEntry(
                                0,
                                NOW,
                                "roster",
                                "add",
                                Optional.of("pg-3:5432"),
                                "done",
                                "Worker pg-3:5432 added as group 4 (seen by docker and ready)")));
    }

    @Test
    void aBlindlyAddedWorkerHasNoTombstoneToLift() {
        var add = new Action.AddNode(WORKER, Optional.empty(), Optional.empty(), "seen by docker");

        assertThat(Bookkeeping.done(add, NODE, GROUP, NOW)).noneMatch(LedgerChange.Unbury.class::isInstance);
    }

    @Test
    void aRemovedNodeIsBuriedWithItsProperty() {
        var remove = new Action.RemoveNode(ROW, MEMBER, false, "its container is gone");

        assertThat(Bookkeeping.done(remove, NODE, GROUP, NOW))
                .first()
                .isEqualTo(new LedgerChange.Bury(
                        new Tombstone(NODE, GROUP, ADDRESS, Optional.of(IDENTITY), false, NOW, "roster")));
    }

    @Test
    void anEmptyServerInTheOldOnesPlaceBuriesTheOldOne() {
        var fresh = new Identity("7002", "srv-2");
        var replace = new Action.ReplaceEmptyNode(ROW, MEMBER, WORKER, fresh, "came back empty");

        List<LedgerChange> changes = Bookkeeping.done(replace, new NodeId(8), new GroupId(5), NOW);

        assertThat(changes).hasSize(4);
        assertThat(changes.get(0)).isInstanceOf(LedgerChange.Bury.class);
        assertThat(changes.get(1)).isInstanceOfSatisfying(LedgerChange.PutMember.class, put -> {
            assertThat(put.member().node()).isEqualTo(new NodeId(8));
            assertThat(put.member().identity()).contains(fresh);
        });
    }

    @Test
    void anAdoptedNodeIsNotRostersOwn() {
        var adopt = new Action.AdoptNode(ROW, IDENTITY, SCOPE, "it carries this cluster's metadata");

        assertThat(Bookkeeping.done(adopt, NODE, GROUP, NOW))
                .first()
                .isInstanceOfSatisfying(
                        LedgerChange.PutMember.class,
                        put -> assertThat(put.member().origin()).isEqualTo(Origin.ADOPTED));
    }

    @Test
    void theMarkOfADisabledNodeIsSetAndErased() {
        var disable = new Action.DisableNode(ROW, MEMBER, "away for long");
        var activate = new Action.ActivateNode(ROW, MEMBER, "it is back");

        assertThat(markOf(Bookkeeping.done(disable, NODE, GROUP, NOW))).isTrue();
        assertThat(markOf(Bookkeeping.done(activate, NODE, GROUP, NOW))).isFalse();
        assertThat(markOf(Bookkeeping.alreadyTrue(activate, NOW))).isFalse();
    }

    @Test
    void whatSomebodyElseDidIsNotClaimed() {
        var add = new Action.AddNode(WORKER, Optional.of(IDENTITY), Optional.empty(), "");
        var disable = new Action.DisableNode(ROW, MEMBER, "");
        var remove = new Action.RemoveNode(ROW, MEMBER, false, "");

        assertThat(Bookkeeping.alreadyTrue(add, NOW)).isEmpty();
        assertThat(Bookkeeping.alreadyTrue(disable, NOW)).isEmpty();
        assertThat(Bookkeeping.alreadyTrue(remove, NOW)).containsExactly(new LedgerChange.ForgetMember(NODE));
    }

    @Test
    void aRefusalIsToldWithItsRemedy() {
        var remove = new Action.RemoveNode(ROW, MEMBER, false, "");
        var refusal = new Refusal(
                Refusal.Situation.OTHER_NODE_UNREACHABLE,
                "pg-3:5432 was not removed: pg-2:5432 does not answer",
                "bring pg-2:5432 back",
                "08006",
                Optional.of(new HostPort("pg-2", 5432)));

        assertThat(Bookkeeping.refused(remove, refusal, NOW))
                .isInstanceOfSatisfying(LedgerChange.Append.class, append -> {
                    assertThat(append.entry().outcome()).isEqualTo("refused");
                    assertThat(append.entry().sentence())
                            .isEqualTo("pg-3:5432 was not removed: pg-2:5432 does not answer; bring pg-2:5432 back");
                });
    }

    private static boolean markOf(List<LedgerChange> changes) {
        return changes.stream()
                .filter(LedgerChange.PutMember.class::isInstance)
                .map(LedgerChange.PutMember.class::cast)
                .map(put -> put.member().disabledByRoster())
                .findFirst()
                .orElseThrow();
    }
}
