package dev.roster.testkit.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. This finds a way to run it without root's power: as the user {@code nobody} (works in
 * containers too), else in a user namespace of its own. Not as root, nothing has to be done.
 */
final class PowerlessUser {

    private static final String NOBODY = "nobody";

    private final List<String> prefix;

    private PowerlessUser(List<String> prefix) {
        this.prefix = prefix;
    }

    /**
     * The first way that works for this folder.
     *
     * @throws IllegalStateException if none does
     */
    static PowerlessUser writing(Path folder) throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        if (!owner.getName().equals("root")) {
            return new PowerlessUser(List.of());
        }
        UserPrincipal nobody =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY);
        Files.setOwner(folder, nobody);
        PowerlessUser asNobody = new PowerlessUser(
                List.of("setpriv", "--reuid", NOBODY, "--regid", nobodysGroup(folder), "--clear-groups"));
        if (asNobody.canWrite(folder)) {
            return asNobody;
        }
        Files.setOwner(folder, owner);
        PowerlessUser inNamespace = new PowerlessUser(List.of("unshare", "-U"));
        if (inNamespace.canWrite(folder)) {
            return inNamespace;
        }
        throw new IllegalStateException(
                "PostgreSQL does not run as root, and neither setpriv nor unshare could start it as"
                        + " another user that may write in " + folder
                        + "; run as an ordinary user or set -Djava.io.tmpdir");
    }

    private static String nobodysGroup(Path folder) {
        return Stream.of("nogroup", NOBODY)
                .filter(name -> {
                    try {
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                })
                .findFirst()
                .orElse("65534");
    }

    List<String> command(List<String> words) {
        return Stream.concat(prefix.stream(), words.stream()).toList();
    }

    private boolean canWrite(Path folder) {
        List<String> words = new ArrayList<>(command(List.of("test", "-w", folder.toString())));
        try {
            return new ProcessBuilder(words).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
