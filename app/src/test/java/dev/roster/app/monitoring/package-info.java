/** The files under {@code deploy/monitoring} and the page about them, held against each other and against the running service. */
@NullMarked
package dev.roster.app.monitoring;

import org.jspecify.annotations.NullMarked;
