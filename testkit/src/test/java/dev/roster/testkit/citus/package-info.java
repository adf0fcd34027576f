@NullMarked
package dev.roster.testkit.citus;

import org.jspecify.annotations.NullMarked;
