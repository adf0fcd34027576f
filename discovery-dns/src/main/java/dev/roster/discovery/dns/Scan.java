package dev.roster.discovery.dns;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * One look for everything at once: a virtual thread for each name, held back only by the cap on questions. It can be read
 * before it is done, so that a name whose answer is late does not hold up the others. Closing it ends its threads.
 */
final class Scan implements AutoCloseable {

    private final SoughtNames sought;
    private final Questions questions;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("dns-look-", 0).factory());
    private final AtomicReferenceArray<Finding> findings;
    private final CountDownLatch left;

    Scan(SoughtNames sought, Questions questions) {
        this.sought = sought;
        this.questions = questions;
        this.findings = new AtomicReferenceArray<>(sought.names().size());
        this.left = new CountDownLatch(sought.names().size());
    }

    void begin() {
        Look look = new Look(questions, threads);
        for (int at = 0; at < sought.names().size(); at++) {
            int index = at;
            threads.execute(() -> look(look, index));
        }
    }

    private void look(Look look, int index) {
        SoughtName name = sought.names().get(index);
        try {
            findings.set(index, look.at(name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            findings.set(index, Finding.unknown(name, Failures.words(e)));
        }
        left.countDown();
    }

    /**
     * Waits for the end.
     *
     * @param limit how long at most
     * @return whether every name has its finding
     */
    boolean await(Duration limit) throws InterruptedException {
        return left.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What is known by now, a finding for each name. */
    Findings soFar() {
        List<Finding> known = IntStream.range(0, findings.length())
                .mapToObj(at -> {
                    Finding finding = findings.get(at);
                    return finding == null ? Finding.unknown(sought.names().get(at), "no answer yet") : finding;
                })
                .toList();
        return new Findings(known, sought.scopes(), questions::isAnyAlive);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
