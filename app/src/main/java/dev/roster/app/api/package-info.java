/**
 * What is served under {@code /api/v1}: records with stable names made from the engine's values, and the resources that
 * serve them. The commands read the same records. Times are ISO 8601 in UTC; what is not known is left out.
 */
@NullMarked
package dev.roster.app.api;

import org.jspecify.annotations.NullMarked;
