/** The dashboard in a real Chromium, on the packaged service with real PostgreSQL. */
@org.jspecify.annotations.NullMarked
package dev.roster.browser;
