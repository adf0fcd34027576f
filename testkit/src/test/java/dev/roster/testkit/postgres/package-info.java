@NullMarked
package dev.roster.testkit.postgres;

import org.jspecify.annotations.NullMarked;
