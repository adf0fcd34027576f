package dev.roster.app.process;

import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A self-made certificate for one address, and its key, as PEM.
 *
 * @param certificate the file of the certificate, which is its own authority
 * @param key the key
 */
record Certificate(Path certificate, String key) {

    private static final char[] PASSWORD = "not-a-secret".toCharArray();

    /** Makes one by the JDK's {@code keytool}. */
    static Certificate of(String name, String address, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:" + address,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + output);
        }
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD);
        }
        Path file = Files.writeString(
                folder.resolve(name + ".crt"),
                pem("CERTIFICATE", loaded.getCertificate(name).getEncoded()));
        return new Certificate(
                file, pem("PRIVATE KEY", loaded.getKey(name, PASSWORD).getEncoded()));
    }

    /** Makes a running server use it, in files of its own, which only the server itself can make with the right owner. */
    void install(PostgresServer server) throws IOException {
        server.execute(
                write("server.crt", Files.readString(certificate)),
                write("server.key", key),
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()");
    }

    private static String write(String file, String pem) {
        return "COPY (SELECT unnest(string_to_array('" + pem.strip() + "', E'\\n')))" + " TO PROGRAM 'umask 077; cat > "
                + file + "'";
    }

    private static String pem(String kind, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
    }
}
