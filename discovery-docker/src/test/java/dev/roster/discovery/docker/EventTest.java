package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {

    @Test
    void isTheSameWithAndWithoutTheLegacyFields() throws JsonProcessingException {
        Event legacy = Event.of(
                new ObjectMapper().readTree(Entries.event("health_status: healthy", "id", "w", Entries.worker())));
        Event bare = Event.of(Entries.bare("health_status: healthy", "id", "w", Entries.worker()));

        assertThat(bare).isEqualTo(legacy);
        assertThat(bare.isRelevant()).isTrue();
        assertThat(bare.inWords()).isEqualTo("w health_status: healthy");
    }

    @Test
    void aOneOffContainersEventsLeadToNoLook() {
        assertThat(Event.of(Entries.bare("start", "id", "w", Entries.worker(Labels.ONE_OFF, "True")))
                        .isRelevant())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec_create: test", "exec_start: test", "exec_die", "attach", "top", "resize", ""})
    void whatAHealthCheckDoesLeadsToNoLook(String action) {
        assertThat(Event.of(Entries.bare(action, "id", "w", Entries.worker())).isRelevant())
                .isFalse();
    }

    @Test
    void onlyAHealthEdgeIsSureToConcernTheSameServer() {
        assertThat(Event.of(Entries.bare("health_status: healthy", "id", "w", Entries.worker()))
                        .mayReplaceServer())
                .isFalse();
        assertThat(Event.of(Entries.bare("start", "id", "w", Entries.worker())).mayReplaceServer())
                .isTrue();
    }

    @Test
    void anEventOfAnotherKindOfThingIsNotOurs() throws JsonProcessingException {
        assertThat(Event.of(new ObjectMapper()
                                .readTree("{\"Type\":\"network\",\"Action\":\"disconnect\",\"Actor\":{\"ID\":\"n\"}}"))
                        .isRelevant())
                .isFalse();
    }
}
