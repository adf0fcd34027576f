package dev.roster.testkit.citus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A certificate that signs itself, made with the JDK's {@code keytool}.
 *
 * @param certificate in PEM
 * @param key its private key, in PEM
 */
record Certificate(String certificate, String key) {

    private static final String SECRET = "changeit";

    /**
     * Makes one.
     *
     * @param folder where the work is done
     * @param alternativeName what it is for, such as {@code ip:127.0.0.1}
     */
    static Certificate made(Path folder, String alternativeName) {
        Path store = folder.resolve("made-for-" + alternativeName.replace(':', '-') + ".p12");
        try {
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "RSA",
                            "-keysize",
                            "2048",
                            "-dname",
                            "CN=roster-test",
                            "-ext",
                            "san=" + alternativeName,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            SECRET))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool made no certificate");
            }
            KeyStore made = KeyStore.getInstance("PKCS12");
            try (InputStream content = Files.newInputStream(store)) {
                made.load(content, SECRET.toCharArray());
            }
            return new Certificate(
                    pem("CERTIFICATE", made.getCertificate("server").getEncoded()),
                    pem(
                            "PRIVATE KEY",
                            made.getKey("server", SECRET.toCharArray()).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }
}
