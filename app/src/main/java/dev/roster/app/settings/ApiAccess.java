package dev.roster.app.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may use the HTTP interface.
 *
 * @param token what proves that somebody may; none: only this machine may order
 * @param readsNeedToken whether reading needs it too
 * @param localTokenFile where the start-up token is kept; empty: a file in the temporary folder
 */
public record ApiAccess(ApiToken token, boolean readsNeedToken, Optional<Path> localTokenFile) {}
