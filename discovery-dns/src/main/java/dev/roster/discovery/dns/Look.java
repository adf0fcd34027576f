package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Looks for one name: the candidates in order, until one has an answer. Runs on a virtual thread of the scan. */
final class Look {

    private final Questions questions;
    private final ExecutorService threads;

    Look(Questions questions, ExecutorService threads) {
        this.questions = questions;
        this.threads = threads;
    }

    Finding at(SoughtName sought) throws InterruptedException {
        Set<InetSocketAddress> passedOver = new HashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String candidate : sought.candidates()) {
            Finding finding = switch (sought.kind()) {
                case HOST -> host(sought, candidate);
                case TASKS -> tasks(sought, candidate);
                case SERVICE -> service(sought, candidate);
            };
            if (finding.isPresent()) {
                return finding;
            }
            unknown.addAll(finding.unknown());
            passedOver.addAll(finding.passedOver());
        }
        return new Finding(
                sought, List.of(), List.of(), unknown.stream().limit(1).toList(), passedOver);
    }

    private Finding host(SoughtName sought, String candidate) throws InterruptedException {
        return switch (presence(candidate)) {
            case Presence.Present present ->
                new Finding(
                        sought,
                        List.of(new Finding.Seen(new HostPort(sought.name(), sought.port()), present.addresses())),
                        List.of(),
                        List.of(),
                        Set.of());
            case Presence.Absent absent -> new Finding(sought, List.of(), List.of(), List.of(), absent.passedOver());
            case Presence.Unknown unknown -> Finding.unknown(sought, unknown.words());
        };
    }

    /**
     * A task has no name of its own, so its address is its name. A server with both families has one of each, and would be
     * counted twice: IPv6 addresses count only if IPv4 is denied.
     */
    private Finding tasks(SoughtName sought, String candidate) throws InterruptedException {
        Answer v4 = questions.ask(new Question(candidate, Question.Type.A));
        Answer answer = v4 instanceof Answer.Denied ? questions.ask(new Question(candidate, Question.Type.AAAA)) : v4;
        Answer denial = v4 instanceof Answer.Denied ? v4 : answer;
        return switch (Presence.of(answer, answer instanceof Answer.Denied ? denial : answer)) {
            case Presence.Present present -> {
                List<Finding.Seen> seen = present.addresses().stream()
                        .map(address -> new Finding.Seen(
                                new HostPort(address.text(), sought.port()), new TreeSet<>(Set.of(address))))
                        .toList();
                yield new Finding(sought, seen, List.of(), cutOff(sought, present.complete()), Set.of());
            }
            case Presence.Absent absent -> new Finding(sought, List.of(), List.of(), List.of(), absent.passedOver());
            case Presence.Unknown unknown -> Finding.unknown(sought, unknown.words());
        };
    }

    private Finding service(SoughtName sought, String candidate) throws InterruptedException {
        return switch (questions.ask(new Question(candidate, Question.Type.SRV))) {
            case Answer.Found found -> targets(sought, found);
            case Answer.Denied denied -> new Finding(sought, List.of(), List.of(), List.of(), denied.passedOver());
            case Answer.Unknown unknown -> Finding.unknown(sought, unknown.words());
        };
    }

    private Finding targets(SoughtName sought, Answer.Found found) throws InterruptedException {
        SortedSet<HostPort> targets = found.records().stream()
                .map(Response.Service.class::cast)
                .map(service -> new HostPort(service.target(), service.port()))
                .filter(target -> target.fault().isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        List<Future<Presence>> presences = new ArrayList<>();
        for (HostPort target : targets) {
            presences.add(threads.submit(() -> presence(target.host())));
        }
        List<Finding.Seen> seen = new ArrayList<>();
        List<HostPort> idle = new ArrayList<>();
        List<String> unknown = new ArrayList<>(cutOff(sought, found.complete()));
        int at = 0;
        for (HostPort target : targets) {
            switch (join(presences.get(at++))) {
                case Presence.Present present -> seen.add(new Finding.Seen(target, present.addresses()));
                case Presence.Absent _ -> idle.add(target);
                case Presence.Unknown words -> unknown.add(target.host() + " (" + words.words() + ")");
            }
        }
        return new Finding(sought, seen, idle, unknown, Set.of());
    }

    private static List<String> cutOff(SoughtName sought, boolean complete) {
        return complete ? List.of() : List.of(sought.name() + " (an answer cut off, and none over TCP)");
    }

    private Presence presence(String name) throws InterruptedException {
        Future<Answer> v6 = threads.submit(asking(new Question(name, Question.Type.AAAA)));
        Answer v4 = questions.ask(new Question(name, Question.Type.A));
        return Presence.of(v4, join(v6));
    }

    private Callable<Answer> asking(Question question) {
        return () -> questions.ask(question);
    }

    private static <T> T join(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("the scan was ended");
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
