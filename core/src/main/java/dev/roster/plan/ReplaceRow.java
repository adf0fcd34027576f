package dev.roster.plan;

import static dev.roster.plan.Decision.act;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Member;
import java.util.Optional;

/**
 * Row 0 for a replacement: first the row is given to the empty server, if the lost one is still lost and the other still
 * empty; from then on the new server gets its shards, step by step, until none lacks. What the other rows say of such a node
 * is part of the same trouble, so it is told in the sentence and raises no alarm of its own.
 */
final class ReplaceRow {

    private final Overview overview;
    private final Replacements replacements;

    ReplaceRow(Overview overview, Replacements replacements) {
        this.overview = overview;
        this.replacements = replacements;
    }

    Decision judge(Node node, Intent intent, Member member, Decision otherwise) {
        return intent.stage() == Stage.RUNNING
                ? rebuild(node, intent, member, otherwise)
                : takeOver(node, intent, member, otherwise);
    }

    private Decision takeOver(Node node, Intent intent, Member member, Decision otherwise) {
        if (!overview.cluster().placementsOf(node.group()).hasSoleCopies()) {
            return wait(
                    intent, "no only copy is on the node any more, so nothing has to be lost; cancel it", otherwise);
        }
        HostPort address = intent.target().orElse(intent.address());
        Optional<String> alive = replacements
                .notLost(node)
                .or(() -> replacements.survives(node, address))
                .map(Replacements.Hindrance::sentence);
        if (alive.isPresent()) {
            return wait(intent, "it waits. " + alive.get(), otherwise);
        }
        if (!replacements.isSilentLongEnough(node)) {
            return wait(
                    intent,
                    "it waits until the lost server has been silent for " + Words.length(Replacements.PATIENCE),
                    otherwise);
        }
        if (overview.probe(node.address()).filter(overview::isFreshEnoughToAct).isEmpty()) {
            return wait(intent, "the lost server is asked once more", otherwise);
        }
        Optional<Worker> target = overview.seen.sightings().at(address);
        if (target.isEmpty()) {
            return wait(intent, "it waits until " + address + " is sighted", otherwise);
        }
        Decision candidate = replacements.candidate(node, target.get());
        if (candidate.situation() != Situation.JOINING
                || !(candidate.action().orElse(null) instanceof Action.AddNode add)
                || add.identity().isEmpty()) {
            return wait(intent, "it waits for " + address + ": " + candidate.sentence(), otherwise);
        }
        return act(
                        Situation.REPLACING,
                        IntentSentences.replacing(intent, address + " takes its place"),
                        new Action.TakeOver(
                                node,
                                member,
                                intent,
                                target.get(),
                                add.identity().get(),
                                add.comparedWith(),
                                replacements.others(node, address),
                                "ordered by " + intent.orderedBy()))
                .noting(otherwise.notes());
    }

    private Decision rebuild(Node node, Intent intent, Member member, Decision otherwise) {
        if (intent.target().filter(node.address()::equals).isEmpty()) {
            return wait(intent, "the row leads to another server by now, so it ends; cancel it", otherwise);
        }
        String progress = intent.note().orElse("the row leads to the new server");
        Optional<String> waits = waits(node);
        if (waits.isPresent()) {
            return Decision.say(
                            Situation.REPLACING,
                            IntentSentences.replacing(intent, progress + "; it waits: " + waits.get()))
                    .noting(otherwise.notes());
        }
        return act(
                        Situation.REPLACING,
                        IntentSentences.replacing(intent, progress),
                        new Action.RebuildShards(node, member, intent, "ordered by " + intent.orderedBy()))
                .noting(otherwise.notes());
    }

    private Optional<String> waits(Node node) {
        Optional<ProbeResult.Failed> silent = overview.probe(node.address())
                .filter(overview::isFresh)
                .filter(ProbeResult.Failed.class::isInstance)
                .map(ProbeResult.Failed.class::cast);
        if (silent.isPresent()) {
            return Optional.of("the new server " + silent.get().sentence()
                    + "; if it is lost too, order roster replace with another one");
        }
        return overview.cluster().nodes().stream()
                .filter(other -> other.isActivePrimary() && !other.metadataSynced())
                .findFirst()
                .map(other -> "Citus still sends the new address to " + other.address());
    }

    private static Decision wait(Intent intent, String why, Decision otherwise) {
        return Decision.say(
                        Situation.REPLACING,
                        IntentSentences.replacing(intent, why)
                                + (otherwise.situation().weight() == Situation.Weight.ALARM
                                        ? "; " + otherwise.sentence()
                                        : ""))
                .noting(otherwise.notes());
    }
}
