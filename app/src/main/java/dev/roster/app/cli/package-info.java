/**
 * The commands. Those that serve or turn the engine run in this process; those that ask speak HTTP to the service. Exit
 * codes: 0 done, 1 not done, 2 usage or configuration, 3 unreachable.
 */
@NullMarked
package dev.roster.app.cli;

import org.jspecify.annotations.NullMarked;
