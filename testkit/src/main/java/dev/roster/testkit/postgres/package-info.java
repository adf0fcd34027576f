/**
 * Real PostgreSQL servers for tests and the demo, started and ended by this JVM: from binaries that come with the test kit,
 * so that nothing has to be installed, or from an installed PostgreSQL.
 */
@NullMarked
package dev.roster.testkit.postgres;

import org.jspecify.annotations.NullMarked;
