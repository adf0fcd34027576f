package dev.roster.app.cli;

import java.io.PrintWriter;
import java.util.List;

/** A board for files, pipes and logs: lines, each written out at once. */
final class PlainBoard implements Board {

    private final PrintWriter out;

    PlainBoard(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public void footer(List<String> lines) {
        // nothing is drawn anew here
    }

    @Override
    public boolean isAbandoned() {
        return out.checkError();
    }

    @Override
    public void close() {
        out.flush();
    }
}
