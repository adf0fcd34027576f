package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to do against messages of Citus 13.2.2. */
class StallCausesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "logical decoding requires wal_level >= logical | set wal_level=logical",
                "cannot use logical replication: table has no REPLICA IDENTITY | add a primary key",
                "all replication slots are in use | raise max_replication_slots",
                "there should be at least one active node with should_have_shards=true | citus_set_node_property",
                "shard move failed as the orphaned shard t_1 leftover from the previous move could not be cleaned up"
                        + " | CALL citus_cleanup_orphaned_resources()",
                "could not extend file | free disk space",
                "connection to the remote node failed | bring the node back",
                "something else | look at the coordinator"
            })
    void eachKnownTroubleHasItsRemedy(String trouble, String remedy) {
        assertThat(StallCauses.remedy(trouble)).contains(remedy);
    }
}
