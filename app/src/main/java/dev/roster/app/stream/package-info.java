/**
 * {@code GET /api/v1/stream}: the answers of {@code dev.roster.app.api} as they change, to whoever stays connected (server-sent
 * events, WHATWG HTML section 9.2). However many listen, the engine is looked at once, and the coordinator is asked for the
 * journal once for each pass.
 */
@NullMarked
package dev.roster.app.stream;

import org.jspecify.annotations.NullMarked;
