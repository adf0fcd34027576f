package dev.roster.discovery.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of one pattern. Faults are words that follow <em>has the pattern '...',</em>. Made for one text, used once.
 */
final class PatternReader {

    /** The most values of one range, so that a slip of the finger does not ask a server for a million names. */
    static final int MAX_VALUES = 1_000;

    private static final String GROUP = "group=";
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
    private static final Pattern NAMED = Pattern.compile("([A-Za-z]\\w*)=.*");

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private boolean groupSeen;

    PatternReader(String text) {
        this.text = text;
    }

    List<Segment> read() {
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            int end = open < 0 ? text.length() : open;
            plain(text.substring(at, end));
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw fault("which has an opening brace without a closing one");
            }
            segments.add(choice(text.substring(open + 1, close)));
            at = close + 1;
        }
        return List.copyOf(segments);
    }

    private void plain(String part) {
        if (part.indexOf('}') >= 0) {
            throw fault("which has a closing brace without an opening one");
        }
        DomainName.badCharacter(part).ifPresent(words -> {
            throw fault(words);
        });
        if (!part.isEmpty()) {
            segments.add(new Segment.Text(part));
        }
    }

    private Segment choice(String inner) {
        if (inner.indexOf('{') >= 0) {
            throw fault("which has braces within braces");
        }
        boolean isGroup = inner.startsWith(GROUP);
        String body = isGroup ? inner.substring(GROUP.length()) : inner;
        if (NAMED.matcher(body).matches()) {
            throw fault("whose {" + inner + "} has a name; the only name known is group, as in {group=1..3}");
        }
        if (isGroup && groupSeen) {
            throw fault("which names the group twice");
        }
        groupSeen |= isGroup;
        List<String> values = body.contains("..") ? range(inner, body) : list(inner, body);
        if (isGroup) {
            values.forEach(value -> requireGroup(inner, value));
        }
        return new Segment.Choice(values, isGroup);
    }

    private List<String> range(String inner, String body) {
        Matcher form = RANGE.matcher(body);
        if (!form.matches()) {
            throw fault("whose range {" + inner + "} is not two whole numbers with two dots between, as in {1..20}");
        }
        String from = form.group(1);
        String to = form.group(2);
        int first = Integer.parseInt(from);
        int last = Integer.parseInt(to);
        if (first > last) {
            throw fault("whose range {" + inner + "} runs backwards; write {" + to + ".." + from + "}");
        }
        if (last - first >= MAX_VALUES) {
            throw fault("whose range {" + inner + "} has " + (last - first + 1) + " values; a range has at most "
                    + MAX_VALUES);
        }
        int width = isPadded(from) || isPadded(to) ? Math.max(from.length(), to.length()) : 1;
        List<String> values = new ArrayList<>(last - first + 1);
        for (int value = first; value <= last; value++) {
            String digits = Integer.toString(value);
            values.add("0".repeat(Math.max(0, width - digits.length())) + digits);
        }
        return values;
    }

    private static boolean isPadded(String digits) {
        return digits.length() > 1 && digits.charAt(0) == '0';
    }

    private List<String> list(String inner, String body) {
        List<String> values = new ArrayList<>();
        for (String item : body.split(",", -1)) {
            String value = item.strip();
            if (value.isEmpty()) {
                throw fault("whose list {" + inner + "} has an empty item");
            }
            DomainName.badCharacter(value).ifPresent(words -> {
                throw fault("whose list {" + inner + "} has the item '" + value + "', " + words);
            });
            if (values.contains(value)) {
                throw fault("whose list {" + inner + "} has '" + value + "' twice");
            }
            values.add(value);
        }
        if (values.size() > MAX_VALUES) {
            throw fault("which has a list of " + values.size() + " items; a list has at most " + MAX_VALUES);
        }
        return values;
    }

    private void requireGroup(String inner, String value) {
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) == 0) {
            throw fault("whose {" + inner + "} has '" + value
                    + "' for a group; a group is a whole number from 1 (0 is the coordinator's)");
        }
    }

    private IllegalArgumentException fault(String words) {
        return new IllegalArgumentException(NamePattern.quoted(text) + words);
    }
}
