/** Ports for servers of tests, so that JVMs that run tests beside each other do not take them from one another. */
@NullMarked
package dev.roster.testkit.ports;

import org.jspecify.annotations.NullMarked;
