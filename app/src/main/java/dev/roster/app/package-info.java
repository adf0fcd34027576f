/** The application: where the process begins. */
@NullMarked
package dev.roster.app;

import org.jspecify.annotations.NullMarked;
