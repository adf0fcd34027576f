/**
 * Citus clusters for tests and the demo: real Citus where a PostgreSQL with the extension is installed, else the stand-in,
 * which is real PostgreSQL with the catalogs and node functions of Citus in SQL.
 */
@NullMarked
package dev.roster.testkit.citus;

import org.jspecify.annotations.NullMarked;
