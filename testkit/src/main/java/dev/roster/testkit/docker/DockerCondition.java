package dev.roster.testkit.docker;

import dev.roster.testkit.report.RanOn;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link RequiresDocker}. */
final class DockerCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> reason = DockerEngine.unusable();
        if (reason.isEmpty()) {
            RanOn.note("docker", CitusFiles.ofThisMachine().describe());
            return ConditionEvaluationResult.enabled("a Docker engine answers");
        }
        if ("required".equals(System.getProperty("verify.docker"))) {
            throw new IllegalStateException("verify.docker=required, but this " + reason.get());
        }
        return ConditionEvaluationResult.disabled(reason.get());
    }
}
