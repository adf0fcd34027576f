package dev.roster.execute;

/** Carries out a plan's actions in order. */
public final class Executor {}
