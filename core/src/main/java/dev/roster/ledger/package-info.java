/**
 * What Roster itself remembers of its members: the member list, tombstones of removed members, standing intents of people,
 * and the journal of every change. Values only; the package {@code citus} keeps them in the schema {@code roster} of the
 * coordinator.
 */
@NullMarked
package dev.roster.ledger;

import org.jspecify.annotations.NullMarked;
