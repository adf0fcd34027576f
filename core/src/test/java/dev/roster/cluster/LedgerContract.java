package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.identity.Identity;
import dev.roster.ledger.Interference;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.ledger.Tombstone;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} has to remember, and to notice of what others write.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class LedgerContract extends CatalogContract {

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
}
