/**
 * What Citus says: the rows of {@code pg_dist_node}, what each group carries, and the port through which the coordinator
 * is read and changed. Everything here is a value read at one instant, except {@link dev.roster.cluster.CoordinatorCatalog},
 * which the package {@code citus} implements with JDBC and the tests with a fake.
 */
@NullMarked
package dev.roster.cluster;

import org.jspecify.annotations.NullMarked;
