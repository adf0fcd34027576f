/** What is measured, always as a ratio to something measured in the same run; docs/benchmarks.md has results. */
@NullMarked
package dev.roster.bench;

import org.jspecify.annotations.NullMarked;
