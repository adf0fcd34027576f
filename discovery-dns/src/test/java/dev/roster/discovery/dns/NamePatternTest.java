package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.cluster.GroupId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    worker                    | worker
                    worker{1..3}              | worker1 worker2 worker3
                    worker{9..11}             | worker9 worker10 worker11
                    worker{01..03}            | worker01 worker02 worker03
                    worker{8..010}            | worker008 worker009 worker010
                    citus-worker-{0..1}.w     | citus-worker-0.w citus-worker-1.w
                    db-{a,b,C}                | db-a db-b db-C
                    '{a, b}x'                 | ax bx
                    w{1..2}{a,b}              | w1a w1b w2a w2b
                    '{1..2}-{3..4}'           | 1-3 1-4 2-3 2-4
                    w{5..5}                   | w5
                    w{0..0}                   | w0
                    w{group=1..2}{a,b}        | w1a w1b w2a w2b
                    My_Worker{1..1}.DB.       | My_Worker1.DB.
                    """)
    void makesNamesInOrder(String pattern, String names) {
        assertThat(names(pattern)).containsExactly(names.split(" "));
    }

    @Test
    void aNamedRangeGivesTheGroup() {
        List<NamePattern.Made> made = made("worker{group=01..02}{a,b}");

        assertThat(made).extracting(NamePattern.Made::group).containsExactly(group(1), group(1), group(2), group(2));
        assertThat(made.getFirst().name()).isEqualTo("worker01a");
        assertThat(made("worker{1..2}")).allMatch(one -> one.group().isEmpty());
        assertThat(made("w{group=3,7}")).extracting(NamePattern.Made::group).containsExactly(group(3), group(7));
    }

    @Test
    void aListOfPatternsIsSeparatedByCommasOutsideBraces() {
        assertThat(NamePattern.parseList("a{1,2}, b{3..4}:5433 ,_postgres._tcp.w.db,tasks.worker"))
                .extracting(NamePattern::text, NamePattern::port, NamePattern::kind)
                .containsExactly(
                        tuple("a{1,2}", OptionalInt.empty(), NamePattern.Kind.HOST),
                        tuple("b{3..4}", OptionalInt.of(5433), NamePattern.Kind.HOST),
                        tuple("_postgres._tcp.w.db", OptionalInt.empty(), NamePattern.Kind.SERVICE),
                        tuple("tasks.worker", OptionalInt.empty(), NamePattern.Kind.TASKS));
    }

    @Test
    void theDefaultPatternsAreTheNamesPeopleGiveWorkers() {
        List<String> names = NamePattern.parseList(NamePattern.DEFAULTS).stream()
                .flatMap(pattern -> names(pattern.text()).stream())
                .toList();

        assertThat(names).hasSize(80).contains("worker1", "worker-20", "citus-worker7", "citus-worker-12");
    }

    @Test
    void aRangeOfAThousandIsAccepted() {
        assertThat(names("w{1..1000}")).hasSize(1000).endsWith("w1000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''             | has an empty pattern
                    ' '            | has an empty pattern
                    'a,,b'         | has an empty pattern
                    'a,'           | has an empty pattern
                    'w{1..3'       | has the pattern 'w{1..3', which has an opening brace without a closing one
                    'w1..3}'       | has the pattern 'w1..3}', which has a closing brace without an opening one
                    'w{1..{2..3}}' | has the pattern 'w{1..{2..3}}', which has braces within braces
                    'w{20..1}'     | has the pattern 'w{20..1}', whose range {20..1} runs backwards; write {1..20}
                    'w{1..1000000}'| has the pattern 'w{1..1000000}', whose range {1..1000000} has 1000000 values; a range has at most 1000
                    'w{1..1001}'   | has the pattern 'w{1..1001}', whose range {1..1001} has 1001 values; a range has at most 1000
                    'w{1..x}'      | has the pattern 'w{1..x}', whose range {1..x} is not two whole numbers with two dots between, as in {1..20}
                    'w{1...3}'     | has the pattern 'w{1...3}', whose range {1...3} is not two whole numbers with two dots between, as in {1..20}
                    'w{-1..3}'     | has the pattern 'w{-1..3}', whose range {-1..3} is not two whole numbers with two dots between, as in {1..20}
                    'w{1..9999999999}' | has the pattern 'w{1..9999999999}', whose range {1..9999999999} is not two whole numbers with two dots between, as in {1..20}
                    'w{1..9..2}'   | has the pattern 'w{1..9..2}', whose range {1..9..2} is not two whole numbers with two dots between, as in {1..20}
                    'w{}'          | has the pattern 'w{}', whose list {} has an empty item
                    'w{a,,b}'      | has the pattern 'w{a,,b}', whose list {a,,b} has an empty item
                    'w{a,a}'       | has the pattern 'w{a,a}', whose list {a,a} has 'a' twice
                    'w{a,b/c}'     | has the pattern 'w{a,b/c}', whose list {a,b/c} has the item 'b/c', which has the character '/' in it; a name is made of letters, digits, '-', '_' and dots
                    'w 1'          | has the pattern 'w 1', which has a blank in it
                    'w*'           | has the pattern 'w*', which has the character '*' in it; a name is made of letters, digits, '-', '_' and dots
                    'würzburg'     | has the pattern 'würzburg', which has the character 'ü' in it; a name is made of letters, digits, '-', '_' and dots (write an international name in its xn-- form)
                    'a..b'         | has the pattern 'a..b', which makes the name 'a..b', which has an empty label (two dots in a row, or one at its start)
                    '.a'           | has the pattern '.a', which makes the name '.a', which has an empty label (two dots in a row, or one at its start)
                    '.'            | has the pattern '.', which makes the name '.', which is empty
                    'w:0'          | has the pattern 'w:0', whose port is not a number from 1 to 65535
                    'w:99999'      | has the pattern 'w:99999', whose port is not a number from 1 to 65535
                    'w:'           | has the pattern 'w:', whose port is not a number from 1 to 65535
                    'w{group=0..2}'| has the pattern 'w{group=0..2}', whose {group=0..2} has '0' for a group; a group is a whole number from 1 (0 is the coordinator's)
                    'w{group=a,b}' | has the pattern 'w{group=a,b}', whose {group=a,b} has 'a' for a group; a group is a whole number from 1 (0 is the coordinator's)
                    'w{shard=1..2}'| has the pattern 'w{shard=1..2}', whose {shard=1..2} has a name; the only name known is group, as in {group=1..3}
                    'w{group=1..2}{group=1..2}' | has the pattern 'w{group=1..2}{group=1..2}', which names the group twice
                    '_pg._tcp.w:1' | has the pattern '_pg._tcp.w:1', which has a port; the ports of SRV records are in the records
                    'w{1..1000}-{1..1000}' | has the pattern 'w{1..1000}-{1..1000}', which makes 1000000 names; at most 10000 are looked up
                    """)
    void saysWhichPatternIsWrongAndWhy(String text, String fault) {
        assertThatThrownBy(() -> NamePattern.parseList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(fault);
    }

    @Test
    void aLabelAndANameHaveTheirLimits() {
        String label = "a".repeat(62);

        assertThat(names(label + "{1..9}")).hasSize(9);
        assertThatThrownBy(() -> NamePattern.parseList(label + "{1..10}"))
                .hasMessageEndingWith("whose label '" + label + "10' is longer than 63 octets");
        String long253 = "a.".repeat(126) + "b";
        assertThat(names(long253)).containsExactly(long253);
        assertThatThrownBy(() -> NamePattern.parseList(long253 + "b"))
                .hasMessageEndingWith("which is 254 octets long; a name has at most 253");
    }

    static List<Long> seeds() {
        return IntStream.range(0, 200).mapToObj(Long::valueOf).toList();
    }

    /** Whatever is built of legal parts is read, makes as many names as its parts say, each once, each fit to be asked. */
    @ParameterizedTest
    @MethodSource("seeds")
    void readsEverythingBuiltOfLegalParts(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("w");
        long size = 1;
        for (int part = random.nextInt(4); part > 0; part--) {
            int first = random.nextInt(20);
            int last = first + random.nextInt(5);
            boolean padded = random.nextBoolean();
            text.append("{")
                    .append(padded ? "0" : "")
                    .append(first)
                    .append("..")
                    .append(last)
                    .append("}-x");
            size *= last - first + 1;
        }
        NamePattern pattern = NamePattern.parseList(text.toString()).getFirst();

        List<String> names = names(text.toString());
        assertThat(pattern.size()).as(text.toString()).isEqualTo(size);
        assertThat(names).as(text.toString()).hasSize((int) size);
        assertThat(new HashSet<>(names)).as(text.toString()).hasSize((int) size);
        assertThat(names).allMatch(name -> DomainName.fault(name).isEmpty());
    }

    /** Any text at all is either read or refused with words, never answered with another exception or an endless list. */
    @ParameterizedTest
    @MethodSource("seeds")
    void readsOrRefusesAnyText(long seed) {
        Random random = new Random(seed);
        String alphabet = "w1{}.,:-_=0 9agroupé";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(14); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }

        try {
            List<NamePattern> patterns = NamePattern.parseList(text.toString());
            assertThat(patterns).allMatch(pattern -> pattern.size() <= NamePattern.MAX_NAMES);
        } catch (IllegalArgumentException e) {
            assertThat(e).as(text.toString()).hasMessageStartingWith("has ");
        }
    }

    private static Optional<GroupId> group(int value) {
        return Optional.of(new GroupId(value));
    }

    private static List<String> names(String text) {
        return made(text).stream().map(NamePattern.Made::name).toList();
    }

    private static List<NamePattern.Made> made(String text) {
        List<NamePattern.Made> made = new ArrayList<>();
        NamePattern.parseList(text).getFirst().forEach(made::add);
        return made;
    }
}
