package dev.roster.plan;

import dev.roster.cluster.Node;
import java.util.Optional;

/** What is told of standbys that become secondaries, and of secondaries that go. */
final class SecondarySentences {

    private SecondarySentences() {}

    static String lag(Optional<Long> behind) {
        return behind.map(bytes -> ", " + bytes + " bytes behind it").orElse("");
    }

    static String waits(Node primary, String lag, String hindrance) {
        return "A standby of member " + primary.address() + lag + " (in recovery): not registered yet, because "
                + hindrance;
    }

    static String registering(Node primary, String lag) {
        return "A standby of member " + primary.address() + lag + ": is registered as secondary of group "
                + primary.group();
    }

    static String askedOnceMore(Node primary) {
        return "A standby of member " + primary.address()
                + ": is asked once more before it is registered as secondary of group " + primary.group();
    }

    static String leaving(Node node, String why) {
        return "Secondary of group " + node.group() + ": its row is removed, since " + why
                + "; it holds nothing of its own";
    }

    static String askedAgain() {
        return "Another server answers at the address of this secondary: it is asked once more before the row is removed";
    }

    static String withoutPrimary(Node node) {
        return "Secondary of group " + node.group()
                + ", which has no primary any more: kept, since Roster did not register"
                + " it. To take it out: SELECT citus_remove_node("
                + node.address().sqlArguments() + ");";
    }
}
