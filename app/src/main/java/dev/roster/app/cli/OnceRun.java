package dev.roster.app.cli;

import dev.roster.app.api.Answers;
import dev.roster.app.api.PlanView.PlannedAction;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.settings.RosterSettings;
import dev.roster.execute.Outcome;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.OneShot;
import dev.roster.reconcile.PassResult;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Lets the engine turn until everybody discovered is a member or the time is up, and prints what was found and done. */
final class OnceRun {

    private final RosterSettings settings;
    private final Duration timeout;
    private final boolean json;
    private final PrintWriter out;
    private final PrintWriter err;

    OnceRun(RosterSettings settings, Duration timeout, boolean json, PrintWriter out, PrintWriter err) {
        this.settings = settings.forOneRun();
        this.timeout = timeout;
        this.json = json;
        this.out = out;
        this.err = err;
    }

    /** Runs it; returns the exit code. */
    int run() throws CommandFailed {
        Told told = new Told(err);
        try (RosterEngine engine = RosterEngine.build(settings, InstantSource.system(), List.of(told))) {
            Thread atEnd = new Thread(engine::close, "once-end");
            Runtime.getRuntime().addShutdownHook(atEnd);
            OneShot.Ended ended = engine.runOnce(timeout);
            Runtime.getRuntime().removeShutdownHook(atEnd);
            print(new Answers(engine), told.tried, ended);
            return exitCode(ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCodes.NOT_DONE, "interrupted before everybody was a member", e);
        }
    }

    private static int exitCode(OneShot.Ended ended) {
        if (ended.done()) {
            return ExitCodes.DONE;
        }
        return ended.last().trouble().isPresent() ? ExitCodes.UNREACHABLE : ExitCodes.NOT_DONE;
    }

    private void print(Answers answers, List<PlannedAction> tried, OneShot.Ended ended) {
        if (json) {
            out.println(Json.text(new OnceView(
                    ended.done(), ended.sentence(), tried, answers.status(), answers.workers(), answers.nodes())));
        } else {
            Report report = new Report(out);
            report.status(answers.status());
            report.members(answers.workers(), answers.nodes());
            report.actions(tried);
            report.sentence(ended.sentence());
        }
    }

    /** Hears of each outcome, and tells at once why the coordinator cannot be read, each reason once. */
    private static final class Told implements EngineListener {

        private final PrintWriter err;
        private final List<PlannedAction> tried = new ArrayList<>();
        private String lastTrouble = "";

        Told(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void actionTried(Outcome outcome) {
            tried.add(PlannedAction.of(outcome));
        }

        @Override
        public void passEnded(PassResult result) {
            if (result.trouble().isPresent() && !result.sentence().equals(lastTrouble)) {
                lastTrouble = result.sentence();
                err.println(lastTrouble + "; trying again");
                err.flush();
            }
        }
    }
}
