// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A directory that a James 3.8 can be started in: {@code conf}, {@code extensions-jars}, and where it writes.
 *
 * @param directory the working directory of the server
 * @param libraries all jars of the server, and nothing else
 */
public record JamesInstall(Path directory, Path libraries, Ports ports) {

    /** The one domain that is delivered here; all others are the outside world. */
    public static final String DOMAIN = "home.example";

    private static final List<String> CONFIGURATION = List.of(
            "dnsservice.xml",
            "domainlist.xml",
            "imapserver.xml",
            "jmap.properties",
            "jmx.properties",
            "logback.xml",
            "mailetcontainer.xml",
            "smtpserver.xml",
            "usersrepository.xml",
            "webadmin.properties");

    /**
     * Lays out a James as it is without Signet.
     *
     * @param directory is created where it is missing
     * @param smarthost the loopback port to which all mail to the outside goes
     */
    public static JamesInstall layOut(Path directory, Path libraries, Ports ports, int smarthost) throws IOException, InterruptedException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Files.createDirectories(directory.resolve("extensions-jars"));
        Map<String, String> values = Map.of(
                "@domain@", DOMAIN,
                "@mx@", Integer.toString(ports.mx()),
                "@proxiedMx@", Integer.toString(ports.proxiedMx()),
                "@submission@", Integer.toString(ports.submission()),
                "@imap@", Integer.toString(ports.imap()),
                "@webAdmin@", Integer.toString(ports.webAdmin()),
                "@smarthost@", Integer.toString(smarthost));
        for (String name : CONFIGURATION) {
            Files.writeString(conf.resolve(name), filled(template(name), values));
        }
        createKeystore(conf.resolve("keystore"));
        return new JamesInstall(directory.toAbsolutePath(), libraries.toAbsolutePath(), ports);
    }

    /**
     * Drops Signet in: its jars and samples, and its lines in James's own configuration.
     *
     * @param dropIn the zip for James 3.8
     * @param settings what {@code signet.properties} shall say
     */
    public void add(Path dropIn, Map<String, String> settings) throws IOException {
        unzip(dropIn);
        Path conf = directory.resolve("conf");
        List<String> lines = settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).sorted().toList();
        Files.write(conf.resolve("signet.properties"), lines);
        edit(conf.resolve("smtpserver.xml"), "<!-- hooks -->", "<handler class=\"dev.signet.mailets.VerifyMailHook\"/>");
        edit(conf.resolve("mailetcontainer.xml"), "<!-- inbound -->", "<mailet match=\"All\" class=\"dev.signet.mailets.VerifyMail\"/>");
    }

    private void unzip(Path zip) throws IOException {
        try (FileSystem contents = FileSystems.newFileSystem(zip); Stream<Path> entries = Files.walk(contents.getPath("/"))) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                Path target = directory.resolve(contents.getPath("/").relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void edit(Path file, String marker, String replacement) throws IOException {
        Files.writeString(file, Files.readString(file).replace(marker, replacement));
    }

    /** All that James writes to its console. */
    public Path log() {
        return directory.resolve("james.log");
    }

    private static String template(String name) throws IOException {
        try (InputStream in = JamesInstall.class.getResourceAsStream("conf/" + name)) {
            if (in == null) {
                throw new IOException("no template " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String filled(String template, Map<String, String> values) {
        String text = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace(value.getKey(), value.getValue());
        }
        return text;
    }

    /** The JDK makes keys and PKCS #12 files, but no certificates; its {@code keytool} does. */
    private static void createKeystore(Path keystore) throws IOException, InterruptedException {
        Files.deleteIfExists(keystore);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "james", "-keyalg", "EC", "-groupname", "secp256r1",
                        "-dname", "CN=mx." + DOMAIN, "-validity", "30",
                        "-storetype", "PKCS12", "-storepass", "secret", "-keystore", keystore.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + said);
        }
    }
}
