package dev.roster.bench;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.OptionValues;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.testkit.dns.DnsQuestion;
import dev.roster.testkit.dns.DnsRecord;
import dev.roster.testkit.dns.ScriptedDnsServer;
import dev.roster.testkit.dns.ScriptedDnsServer.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * How long the DNS source takes for a scan of a server with 20 ms latency, over the least that its cap on lookups allows; the
 * same for 80 names over a sequential loop of {@code getent}, as registrar scripts do it; and what a thousand scans leave behind.
 */
final class DnsScan {

    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final int CAP = 64;
    private static final int FAMILIES = 2;

    private DnsScan() {}

    static void measure(PrintStream out) throws IOException, InterruptedException {
        try (ScriptedDnsServer server = ScriptedDnsServer.start(DnsScan::everyThird)) {
            server.latency(LATENCY);
            out.printf("%8s  %12s  %16s  %8s%n", "names", "ms a scan", "least by the cap", "ratio");
            double scanOf80 = scan(server, 80, out);
            scan(server, 1_000, out);
            getent(scanOf80, out);
            server.latency(Duration.ZERO);
            aThousandScans(server, out);
        }
    }

    private static double scan(ScriptedDnsServer server, int names, PrintStream out) throws InterruptedException {
        int questions = names * FAMILIES;
        double millis;
        try (WorkerDiscovery source = source(server, names)) {
            source.start(_ -> {});
            awaitQuestions(server, server.questions() + 3 * questions);
            long begun = System.nanoTime();
            int scans = 20;
            awaitQuestions(server, server.questions() + scans * questions);
            millis = (System.nanoTime() - begun) / 1e6 / scans;
        }
        double least = Math.ceil((double) questions / CAP) * LATENCY.toMillis();
        out.printf(Locale.ROOT, "%8d  %12.1f  %16.1f  %8.2f%n", names, millis, least, millis / least);
        return millis;
    }

    /** With a resolv.conf of its own, which takes root, a mount namespace, and port 53 of a loopback address. */
    private static void getent(double scanOf80, PrintStream out) throws IOException, InterruptedException {
        String address = "127.53.53.53";
        Path resolvConf = Files.writeString(Files.createTempFile("resolv", ".conf"), "nameserver " + address + "\n");
        try (ScriptedDnsServer server = ScriptedDnsServer.start(address, 53, DnsScan::everyThird)) {
            server.latency(LATENCY);
            String loop = "mount --bind " + resolvConf + " /etc/resolv.conf && "
                    + "for n in $(seq 1 80); do getent ahosts worker$n.test. >/dev/null || :; done";
            long begun = System.nanoTime();
            int code = new ProcessBuilder("unshare", "--mount", "sh", "-c", loop)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            double millis = (System.nanoTime() - begun) / 1e6;
            if (code != 0 || server.questions() < 80) {
                out.println("getent, one after another: not run, it takes root and mount namespaces");
                return;
            }
            out.printf(
                    Locale.ROOT,
                    "getent, one after another, 80 names: %.0f ms, %.1f times a scan of 80%n",
                    millis,
                    millis / scanOf80);
        } catch (UncheckedIOException e) {
            out.println(
                    "getent, one after another: not run, port 53 of " + address + " cannot be had: " + e.getMessage());
        } finally {
            Files.delete(resolvConf);
        }
    }

    private static void aThousandScans(ScriptedDnsServer server, PrintStream out)
            throws IOException, InterruptedException {
        int questions = 80 * FAMILIES;
        try (WorkerDiscovery source = source(server, 80)) {
            source.start(_ -> {});
            awaitQuestions(server, server.questions() + 200 * questions);
            long heap = heap();
            long resident = resident();
            awaitQuestions(server, server.questions() + 1_000 * questions);
            out.printf(
                    Locale.ROOT,
                    "1,000 scans of 80 names: heap %+.1f MB, resident %+.1f MB%n",
                    (heap() - heap) / 1e6,
                    (resident() - resident) / 1e3);
        }
    }

    private static void awaitQuestions(ScriptedDnsServer server, int goal) throws InterruptedException {
        while (server.questions() < goal) {
            Thread.sleep(1);
        }
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** In kilobytes, by proc(5). */
    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static WorkerDiscovery source(ScriptedDnsServer server, int names) {
        WorkerDiscoveryProvider dns = ServiceLoader.load(WorkerDiscoveryProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals("dns"))
                .findFirst()
                .orElseThrow();
        Map<String, String> texts = Map.of(
                "patterns",
                "worker{1.." + names + "}",
                "domain",
                "test",
                "servers",
                server.address(),
                "interval",
                "1ms",
                "concurrency",
                Integer.toString(CAP));
        Map<Option<?>, Object> values = new HashMap<>();
        for (Option<?> option : dns.options()) {
            String text = texts.getOrDefault(option.key(), option.defaultValue().orElse(""));
            if (!text.isEmpty()) {
                values.put(option, option.parser().apply(text));
            }
        }
        return dns.create(new DiscoveryContext(new OptionValues(values), InstantSource.system(), 5432));
    }

    private static Reply everyThird(DnsQuestion question) {
        boolean present = question.isA() && Math.floorMod(question.name().hashCode(), 3) == 0;
        return present ? Reply.of(DnsRecord.address(question.name(), "10.0.0.1")) : Reply.code(3);
    }
}
