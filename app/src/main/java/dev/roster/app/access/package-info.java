/**
 * Who may use the HTTP interface: with a token whoever sends it; without one, orders are taken from this machine alone and
 * from no web page (docs/operations.md).
 */
@NullMarked
package dev.roster.app.access;

import org.jspecify.annotations.NullMarked;
