/**
 * The page at {@code /}: what its files are served with. The files themselves are in {@code META-INF/resources}, and the page
 * asks the API as any other client does (docs/adr/0018-the-dashboard-is-lit-without-a-build.md).
 */
@NullMarked
package dev.roster.app.dashboard;

import org.jspecify.annotations.NullMarked;
