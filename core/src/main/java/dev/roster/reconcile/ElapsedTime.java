package dev.roster.reconcile;

/** A clock that only measures durations and never jumps, so that a change of the wall clock ages nothing. */
@FunctionalInterface
public interface ElapsedTime {

    /** The machine's own. */
    ElapsedTime SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary origin; only differences mean anything. */
    long nanos();
}
