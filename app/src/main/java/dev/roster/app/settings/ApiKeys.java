package dev.roster.app.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads who may use the HTTP interface. The token is taken as it was written: nothing in it is expanded or printed. */
final class ApiKeys {

    private static final String TOKEN = "roster.api.token";
    private static final String TOKEN_FILE = "roster.api.token-file";

    private final ConfigTexts texts;
    private final List<Fault> faults;

    ApiKeys(ConfigTexts texts, List<Fault> faults) {
        this.texts = texts;
        this.faults = faults;
    }

    ApiAccess access(RosterConfig.Api keys) {
        Optional<Written> literal = texts.findFilled(TOKEN).map(Written::asSecret);
        Optional<Written> file = texts.findFilled(TOKEN_FILE);
        boolean needed = keys.reads() == RosterConfig.Reads.TOKEN;
        if (literal.isPresent() && file.isPresent()) {
            faults.add(new Fault(
                    literal.get().key(),
                    literal.get().key() + " and " + file.get().key() + " are both set, the latter to "
                            + file.get().shown() + "; accepted: one of them"));
        } else if (needed && literal.isEmpty() && file.isEmpty()) {
            faults.add(Fault.missing(
                    "ROSTER_API_TOKEN",
                    "roster.api.reads is 'token', so that nobody could read",
                    "a token there or in the file of ROSTER_API_TOKEN_FILE, or roster.api.reads=open"));
        }
        return new ApiAccess(token(literal, file, keys.tokenFile()), needed, keys.localTokenFile());
    }

    private ApiToken token(Optional<Written> literal, Optional<Written> file, Optional<Path> path) {
        if (literal.isPresent()) {
            String token = literal.get().value().strip();
            if (!ApiToken.isToken(token)) {
                faults.add(Fault.refused(literal.get(), ApiToken.ACCEPTED));
            }
            return new ApiToken.Literal(token);
        }
        if (file.isPresent() && path.isPresent()) {
            ApiToken inFile = new ApiToken.InFile(path.get());
            try {
                inFile.read();
            } catch (IOException e) {
                faults.add(Fault.refused(
                        file.get(),
                        "cannot be read or holds no token",
                        "the path of a file that Roster may read, with a token of " + ApiToken.ACCEPTED));
            }
            return inFile;
        }
        return new ApiToken.None();
    }
}
