package dev.roster.app.cli;

/** Does something if the process is ended before this is closed, as by Ctrl-C. */
final class AtInterrupt implements AutoCloseable {

    private final Thread hook;

    /** What is to be done; it must be quick. */
    AtInterrupt(Runnable what) {
        hook = new Thread(what, "at-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook does its part
        }
    }
}
