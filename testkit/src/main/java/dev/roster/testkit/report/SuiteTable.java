package dev.roster.testkit.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Prints one line for each suite (the tests of a package, plain or integration) and, below, what was skipped and why.
 *
 * <p>A test that cannot run says so by an assumption whose message begins with {@code needs}, such as {@code needs Docker: no
 * engine answers}. With {@code verify.skips.allowed} set to a list such as {@code real Citus,Docker}, a skip that needs none
 * of these fails the build; without it every skip is only shown.
 *
 * <p>Uses nothing but the JDK, so that it also runs as a single source file where the build ended early.
 */
public final class SuiteTable {

    private static final List<String> REPORTS = List.of("surefire-reports", "failsafe-reports");

    private final Map<String, Suite> suites = new TreeMap<>();
    private final Map<String, TreeSet<String>> skips = new TreeMap<>();
    private final TreeSet<String> ranOn = new TreeSet<>();

    /**
     * Reads the reports below a folder.
     *
     * @param root the root of the source tree
     * @return the table of all its modules
     * @throws IOException if a report cannot be read
     */
    public static SuiteTable of(Path root) throws IOException {
        SuiteTable table = new SuiteTable();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(Files::isDirectory).sorted().toList()) {
                for (String reports : REPORTS) {
                    table.readReports(module.resolve("target").resolve(reports));
                }
                table.readRanOn(module);
            }
        }
        return table;
    }

    private void readReports(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(SuiteTable::isReport).sorted().toList()) {
                read(file);
            }
        }
    }

    private void readRanOn(Path module) throws IOException {
        // Not RanOn.FOLDER: this file also runs alone.
        Path folder = module.resolve("target/ran-on");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> notes = Files.list(folder)) {
            for (Path note : notes.toList()) {
                ranOn.add(module.getFileName() + " " + note.getFileName() + ": "
                        + Files.readString(note).strip());
            }
        }
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("TEST-") && name.endsWith(".xml");
    }

    private void read(Path file) throws IOException {
        Element report = parse(file);
        String module = file.getName(file.getNameCount() - 4).toString();
        boolean integration = file.toString().contains("failsafe-reports");
        NodeList cases = report.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String type = test.getAttribute("classname");
            String name = module + " " + packageOf(type) + (integration ? " (integration)" : "");
            Suite suite = suites.computeIfAbsent(name, _ -> new Suite());
            suite.tests++;
            suite.seconds += secondsOf(test);
            if (test.getElementsByTagName("failure").getLength() > 0
                    || test.getElementsByTagName("error").getLength() > 0) {
                suite.failed++;
            }
            if (test.getElementsByTagName("skipped").getLength() > 0) {
                suite.skipped++;
                Element skipped = (Element) test.getElementsByTagName("skipped").item(0);
                skips.computeIfAbsent(reasonOf(skipped), _ -> new TreeSet<>())
                        .add(type.substring(type.lastIndexOf('.') + 1));
            }
        }
    }

    private static Element parse(Path file) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            return builder.parse(file.toFile()).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("cannot read the report " + file + ": " + e.getMessage(), e);
        }
    }

    private static String packageOf(String type) {
        int end = type.lastIndexOf('.');
        String name = end < 0 ? "" : type.substring(0, end);
        return name.startsWith("dev.roster.") ? name.substring("dev.roster.".length()) : name;
    }

    private static double secondsOf(Element test) {
        String time = test.getAttribute("time").replace(",", "");
        return time.isEmpty() ? 0 : Double.parseDouble(time);
    }

    private static String reasonOf(Element skipped) {
        String message = skipped.getAttribute("message");
        String reason = (message.isBlank() ? skipped.getTextContent() : message).strip();
        String firstLine = reason.lines().findFirst().orElse("no reason given");
        return firstLine.replaceFirst("^.*?Assumption failed: ", "");
    }

    /**
     * The reasons of skips that need none of the given things.
     *
     * @param allowed what may be missing, such as {@code real Citus}
     */
    public List<String> avoidableSkips(List<String> allowed) {
        return skips.keySet().stream()
                .filter(reason -> allowed.stream().noneMatch(what -> reason.startsWith("needs " + what)))
                .toList();
    }

    /** Prints the table. */
    public void print(PrintStream out) {
        int width = suites.keySet().stream().mapToInt(String::length).max().orElse(5);
        String row = "%-" + width + "s %7s %8s %7s %9s%n";
        out.println();
        out.printf(Locale.ROOT, row, "suite", "tests", "skipped", "failed", "seconds");
        Suite total = new Suite();
        suites.forEach((name, suite) -> {
            out.printf(Locale.ROOT, row, name, suite.tests, suite.skipped, suite.failed, suite.rounded());
            total.add(suite);
        });
        out.printf(Locale.ROOT, row, "all", total.tests, total.skipped, total.failed, total.rounded());
        out.println();
        ranOn.forEach(note -> out.println("Ran on: " + note));
        if (skips.isEmpty()) {
            out.println("Nothing was skipped.");
        }
        skips.forEach((reason, types) -> out.println("Skipped: " + reason + " [" + String.join(", ", types) + "]"));
    }

    /**
     * Prints the table and exits 1 on a skip that is not allowed.
     *
     * @param arguments the root of the source tree, then the value of {@code verify.skips.allowed} if it is set
     * @throws IOException if a report cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        SuiteTable table = of(Path.of(arguments[0]));
        table.print(System.out);
        if (arguments.length < 2 || arguments[1].isBlank() || arguments[1].startsWith("${")) {
            return;
        }
        List<String> allowed = new ArrayList<>(Arrays.asList(arguments[1].split(",", -1)));
        List<String> avoidable = table.avoidableSkips(allowed);
        if (!avoidable.isEmpty()) {
            System.out.println("These skips could have been avoided here (allowed: what needs "
                    + String.join(" or ", allowed) + "): " + avoidable.size());
            avoidable.forEach(reason -> System.out.println("  " + reason));
            System.exit(1);
        }
    }

    /** What is counted of one suite. */
    private static final class Suite {

        private int tests;
        private int skipped;
        private int failed;
        private double seconds;

        private void add(Suite other) {
            tests += other.tests;
            skipped += other.skipped;
            failed += other.failed;
            seconds += other.seconds;
        }

        private String rounded() {
            return String.format(Locale.ROOT, "%.1f", seconds);
        }
    }
}
