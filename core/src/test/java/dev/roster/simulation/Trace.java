package dev.roster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened, for the person who reads of a broken law. Kept only in a replay, since thousands of seeds have no story. */
final class Trace {

    private final boolean kept;
    private final List<String> lines = new ArrayList<>();

    Trace(boolean kept) {
        this.kept = kept;
    }

    void add(Supplier<String> line) {
        if (kept) {
            lines.add(line.get());
        }
    }

    @Override
    public String toString() {
        return String.join("\n  ", lines);
    }
}
