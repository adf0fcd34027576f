package dev.roster.citus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import dev.roster.execute.Refusal;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Citus' own words, as it was seen to say them, and the situations they mean (docs/citus.md section 10). */
class ErrorCatalogueTest {

    private static final HostPort NODE = new HostPort("pg-1", 5432);

    private final ErrorCatalogue catalogue = new ErrorCatalogue(new CoordinatorSettings(
            List.of(new HostPort("master", 5432)),
            "shop",
            "postgres",
            CoordinatorSettings.Limits.DEFAULT,
            CoordinatorSettings.LedgerPlace.DATABASE,
            false));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "XX000 | 42883 | function assign_distributed_transaction_id(integer) does not exist | EXTENSION_UNFIT",
                "XX000 | 42703 | column \"nodeisclone\" of relation \"pg_dist_node\" does not exist | EXTENSION_UNFIT",
                "XX000 | XX000 | loaded Citus library version differs from installed extension version | EXTENSION_UNFIT",
                "XX000 | XX000 | Citus can only be loaded via shared_preload_libraries | EXTENSION_UNFIT",
                "XX000 | 25006 | cannot execute UPDATE in a read-only transaction | READ_ONLY",
            })
    void theWarningBeforeTheErrorCarriesTheRealReason(
            String state, String warnedState, String warned, Refusal.Situation situation) {
        Refusal refusal = catalogue.refusal(
                NODE,
                "citus_add_node",
                new SQLException("failure on connection marked as essential: pg-1:5432", state),
                List.of(new Warned(warnedState, warned)));

        assertThat(refusal.situation()).isEqualTo(situation);
        assertThat(refusal.sqlState()).isEqualTo(warnedState);
        assertThat(refusal.remedy()).contains("pg-1:5432");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "40P01 | canceling the transaction since it was involved in a distributed deadlock | ALREADY_REGISTERED_OTHERWISE",
                "57014 | canceling statement due to user request | ALREADY_REGISTERED_OTHERWISE",
                "57014 | canceling statement due to statement timeout | LOCKED",
                "55P03 | canceling statement due to lock timeout | LOCKED",
                "55000 | pg-1:5432 is a metadata node, but is out of sync | METADATA_OUT_OF_SYNC",
                "55000 | cannot acquire lock mode ExclusiveLock while recovery is in progress | NOT_THE_COORDINATOR",
                "XX000 | operation is not allowed on this node | NOT_THE_COORDINATOR",
                "XX000 | operation is not allowed | PERMISSION",
                "42501 | permission denied for function citus_add_node | PERMISSION",
                "XX000 | cannot add a worker node when the coordinator hostname is set to localhost | COORDINATOR_IS_LOOPBACK",
                "XX000 | could not find valid entry for node | BAD_ADDRESS",
                "08006 | connection to the remote node postgres@pg-1:5432 failed with the following error: invalid port number | BAD_ADDRESS",
                "08006 | connection to the remote node postgres@pg-1:5432 failed with the following error: too many clients already | NODE_UNREACHABLE",
                "XX000 | something that nobody has seen yet | OTHER",
            })
    void theStateDecidesAndTheWordsTellApart(String state, String words, Refusal.Situation situation) {
        Refusal refusal = catalogue.refusal(NODE, "citus_add_node", new SQLException(words, state), List.of());

        assertThat(refusal.situation()).as(refusal.sentence()).isEqualTo(situation);
        assertThat(refusal.sentence()).startsWith("pg-1:5432: citus_add_node was refused: ");
        assertThat(refusal.remedy()).isNotBlank();
    }

    @Test
    void anotherNodeIsBlamedByName() {
        Refusal unreachable = catalogue.refusal(
                NODE,
                "citus_add_node",
                new SQLException(
                        "connection to the remote node postgres@pg-2:5432 failed with the following error: timeout expired",
                        "08006"),
                List.of());
        Refusal unsynced = catalogue.refusal(
                NODE,
                "citus_add_node",
                new SQLException("pg-2:5432 is a metadata node, but is out of sync", "55000"),
                List.of());

        assertThat(unreachable.situation()).isEqualTo(Refusal.Situation.OTHER_NODE_UNREACHABLE);
        assertThat(unreachable.sentence())
                .isEqualTo(
                        "pg-1:5432 has to wait: the member pg-2:5432 does not answer the coordinator (timeout expired),"
                                + " and Citus changes no node while that is so");
        assertThat(unsynced.situation()).isEqualTo(Refusal.Situation.METADATA_OUT_OF_SYNC);
        assertThat(List.of(unreachable, unsynced))
                .allSatisfy(refusal -> assertThat(refusal.culprit()).contains(new HostPort("pg-2", 5432)));
    }
}
