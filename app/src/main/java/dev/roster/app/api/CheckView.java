package dev.roster.app.api;

import dev.roster.preflight.Finding;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * {@code GET /api/v1/check}: whether the cluster has what Citus needs.
 *
 * @param ok whether there is no error among the findings
 * @param findings the worst first
 */
@RegisterForReflection
public record CheckView(boolean ok, List<Found> findings) {

    /**
     * One finding.
     *
     * @param severity {@code error}, {@code warning} or {@code note}
     * @param subject which server, node, or thing
     * @param sentence what is so
     * @param breaks what does not work because of it
     * @param remedy what to do; a line to paste wherever there is one
     */
    @RegisterForReflection
    public record Found(String severity, String subject, String sentence, String breaks, String remedy) {}

    /** The view of these findings. */
    public static CheckView of(List<Finding> findings) {
        return new CheckView(
                findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR),
                findings.stream()
                        .map(finding -> new Found(
                                finding.severity().word(),
                                finding.subject(),
                                finding.sentence(),
                                finding.breaks(),
                                finding.remedy()))
                        .toList());
    }
}
