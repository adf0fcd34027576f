package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The end of every removal: a removed server that still runs with its old metadata is said until it is fenced. */
class FenceCheckTest {

    private final Scene scene = new Scene();

    @Test
    void aRemovedServerThatStillRunsWithItsOldMetadataIsAnAlarm() {
        scene.tombstone("7001", 3, "pg-3", true).answersOfGroup("pg-3", "7001", 3);

        assertThat(scene.plan().alarms())
                .singleElement()
                .asString()
                .contains("pg-3:5432", "once group 3", "old metadata", "DROP EXTENSION citus CASCADE");
    }

    @Test
    void aRemovedServerThatIsDeadIsFenced() {
        scene.tombstone("7001", 3, "pg-3", true).isDead("pg-3");

        assertThat(scene.plan().alarms()).isEmpty();
    }

    @Test
    void anotherServerAtItsAddressIsNotTheRemovedOne() {
        scene.tombstone("7001", 3, "pg-3", true).answersOfGroup("pg-3", "7002", 3);

        assertThat(scene.plan().alarms()).isEmpty();
    }

    @Test
    void aServerThatForgotItsMetadataIsFenced() {
        scene.tombstone("7001", 3, "pg-3", true).answersBlank("pg-3", "7001");

        assertThat(scene.plan().alarms()).isEmpty();
    }

    @Test
    void aSightedServerIsJudgedByTheTableInstead() {
        scene.tombstone("7001", 3, "pg-3", true).worker("pg-3").answersOfGroup("pg-3", "7001", 3);

        assertThat(scene.plan().alarms()).isEmpty();
    }
}
