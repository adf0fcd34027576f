package dev.roster.app.api;

import dev.roster.provision.ProvisionReport;
import dev.roster.provision.Standing;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * How far the SQL is that members and the coordinator are set up with.
 *
 * @param settled whether nothing is left that this Roster would do
 * @param done how many have what is configured for them
 * @param of how many should have it
 * @param sentence all of it in one sentence
 * @param open those that do not have it yet, with the reason
 */
@RegisterForReflection
public record ProvisioningView(boolean settled, long done, int of, String sentence, List<Open> open) {

    /**
     * One that does not have it yet.
     *
     * @param address its address
     * @param script {@code worker-sql} or {@code coordinator-sql}
     * @param state {@code due}, {@code waiting} or {@code failed}
     * @param sentence why, and what would change it
     */
    @RegisterForReflection
    public record Open(String address, String script, String state, String sentence) {}

    static ProvisioningView of(ProvisionReport report) {
        List<Standing> open = report.standings().stream()
                .filter(standing -> standing.state() != Standing.State.DONE)
                .toList();
        return new ProvisioningView(
                report.isSettled(),
                report.standings().size() - open.size(),
                report.standings().size(),
                report.sentence(),
                open.stream()
                        .map(standing -> new Open(
                                standing.target().address().toString(),
                                standing.target().script(),
                                SituationView.word(standing.state()),
                                standing.sentence()))
                        .toList());
    }
}
