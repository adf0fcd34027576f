/**
 * The coordinator adapter: JDBC, one documented Citus call per action, the probes, the ledger's tables, the leader's
 * advisory lock, and the catalogue that turns an SQLSTATE into a named situation with a remedy. The only package that knows
 * SQL.
 */
@NullMarked
package dev.roster.citus;

import org.jspecify.annotations.NullMarked;
