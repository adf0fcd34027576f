/** What ran and what did not: the table that ends {@code verify}, made of the reports that Surefire and Failsafe leave. */
@NullMarked
package dev.roster.testkit.report;

import org.jspecify.annotations.NullMarked;
