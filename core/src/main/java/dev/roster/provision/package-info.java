/**
 * What members and the coordinator are set up with beyond membership: whose turn it is to have a person's SQL carried out, and
 * what became of it. Pure but for the ports; {@code citus} carries out, {@code reconcile} repeats. Nothing here holds up a
 * change of membership.
 */
@NullMarked
package dev.roster.provision;

import org.jspecify.annotations.NullMarked;
