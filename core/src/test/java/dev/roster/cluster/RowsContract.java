package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.plan.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every implementation of {@link CoordinatorCatalog} must not do to rows.
 */
@Tag("rows")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class RowsContract extends CatalogContract {

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
        assertThat(stage.query(worker, "SELECT count(*) FROM public.orders")).isEqualTo("50");
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
