// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A directory that a James 3.8 can be started in, with Signet dropped in: {@code conf}, {@code extensions-jars}, and where it
 * writes.
 *
 * @param directory the working directory of the server
 * @param classPath of the server, and nothing else
 * @param mainClass starts it
 * @param smarthost the loopback port to which all mail to the outside goes
 */
public record JamesInstall(Path directory, List<String> classPath, String mainClass, Ports ports, int smarthost) {

    /** The one domain that is delivered here; all others are the outside world. */
    public static final String DOMAIN = "home.example";

    // Says nothing about mail authentication, and our samples say nothing about it.
    private static final List<String> THE_REST = List.of(
            "dnsservice.xml",
            "domainlist.xml",
            "imapserver.xml",
            "jmap.properties",
            "jmx.properties",
            "logback.xml",
            "usersrepository.xml",
            "webadmin.properties");

    /** The SMTP hook in {@code smtpserver.xml}, on every port that takes mail from outside. */
    public static final String HOOK = "//handler[@class='dev.signet.mailets.VerifyMailHook']";

    private static final String IN_MEMORY = "org.apache.james.MemoryJamesServerMain";
    private static final String DURABLE_QUEUE = "dev.signet.james38.DurableJames";
    private static final String DURABLE_MAILBOXES = "dev.signet.james38.DurableMailboxJames";

    // As the samples have it.
    private static final String KEYSTORE_PASSWORD = "yoursecret";

    public JamesInstall {
        classPath = List.copyOf(classPath);
    }

    /**
     * Lays out a James with the samples of Signet as its configuration, changed only where they must know this machine. It keeps
     * everything in memory.
     *
     * @param directory is created where it is missing; its {@code conf} and {@code extensions-jars} are made anew, and {@code var} is gone
     * @param libraries all jars of the server
     * @param smarthost the loopback port to which all mail to the outside goes
     */
    public static JamesInstall layOut(Path directory, Path libraries, DropIn signet, Ports ports, int smarthost)
            throws IOException, InterruptedException {
        JamesInstall install = new JamesInstall(
                directory.toAbsolutePath(), List.of(libraries.toAbsolutePath() + "/*"), IN_MEMORY, ports, smarthost);
        delete(install.conf());
        delete(install.directory().resolve("extensions-jars"));
        delete(install.directory().resolve("var"));
        Files.createDirectories(install.conf());
        signet.unpackIn(install.directory());
        install.writeTheRest();
        Files.copy(
                install.conf().resolve("signet-samples/extensions.properties"),
                install.conf().resolve("extensions.properties"),
                StandardCopyOption.REPLACE_EXISTING);
        install.useSample("mx-and-outbound");
        install.createKeystore();
        return install;
    }

    /**
     * The same with mail queues on disk, so that a killed James finds its mail again.
     *
     * @param built where the build has put the classes and jars that James needs for that
     */
    public JamesInstall withDurableQueue(Path built) {
        return durable(built, DURABLE_QUEUE);
    }

    /**
     * The same with mail queues and mailboxes on disk. Users stay in memory.
     *
     * @param built as of {@link #withDurableQueue(Path)}
     */
    public JamesInstall withDurableMailboxes(Path built) {
        return durable(built, DURABLE_MAILBOXES);
    }

    private JamesInstall durable(Path built, String main) {
        List<String> more = new ArrayList<>(classPath);
        more.add(built.toAbsolutePath().resolve("classes").toString());
        more.add(built.toAbsolutePath().resolve("lib") + "/*");
        return new JamesInstall(directory, more, main, ports, smarthost);
    }

    public Path conf() {
        return directory.resolve("conf");
    }

    /** All that James writes to its console. */
    public Path log() {
        return directory.resolve("james.log");
    }

    /** Adds lines to {@code signet.properties}. */
    public void set(Map<String, String> settings) throws IOException {
        List<String> lines = settings.entrySet().stream().map(entry -> entry.getKey() + " = " + entry.getValue()).sorted().toList();
        Files.write(conf().resolve("signet.properties"), lines, StandardOpenOption.APPEND);
    }

    /**
     * Says which keys the mailets sign and seal with, where there are such.
     *
     * @param keys domain, selector and file of each, as the parameter {@code key} of {@code SignDkim} has them; the first one, of RSA, is for
     *     mailets that have one key for all mail
     */
    public void signWith(List<String> keys) throws IOException {
        String severalKeys = "//mailet[@class='dev.signet.mailets.SignDkim'][not(keyFile)]";
        String oneKey = "//mailet[keyFile]";
        XmlFile xml = XmlFile.read(conf().resolve("mailetcontainer.xml"));
        if (xml.has(severalKeys)) {
            xml.remove(severalKeys + "/key");
            keys.forEach(key -> xml.append(severalKeys, "key", key));
        }
        if (xml.has(oneKey)) {
            String[] words = keys.getFirst().split(" ", -1);
            xml.children(oneKey, Map.of("domain", words[0], "selector", words[1], "keyFile", words[2]));
        }
        xml.write();
    }

    /** Takes SMTP servers and mailets of another sample, one that has both kinds of servers and sends to the outside. */
    public void useSample(String sample) throws IOException {
        String mx = "//smtpserver[jmxName='mx']";
        String proxied = "//smtpserver[jmxName='mx'][2]";
        XmlFile.read(conf().resolve("signet-samples").resolve(sample).resolve("smtpserver.xml"))
                .text(mx + "/bind", "127.0.0.1:" + ports.mx())
                .duplicate(mx)
                .text(proxied + "/bind", "127.0.0.1:" + ports.proxiedMx())
                .append(proxied, "proxyRequired", "true")
                .text(proxied + "/jmxName", "proxied-mx")
                .text("//smtpserver[jmxName='submission']/bind", "127.0.0.1:" + ports.submission())
                .write(conf().resolve("smtpserver.xml"));
        String remoteDelivery = "//mailet[@class='RemoteDelivery']";
        mailetsOf(sample)
                .append(remoteDelivery, "gateway", "127.0.0.1")
                .append(remoteDelivery, "gatewayPort", Integer.toString(smarthost))
                .write(conf().resolve("mailetcontainer.xml"));
    }

    /** Takes the mailets of another sample, one that sends nothing to the outside. */
    public void useMailetsOf(String sample) throws IOException {
        mailetsOf(sample).write(conf().resolve("mailetcontainer.xml"));
    }

    /** Takes the mailets of a sample that sends nothing to the outside, and tells the SMTP hook what that sample tells it. */
    public void useInboundSample(String sample) throws IOException {
        useMailetsOf(sample);
        Path servers = conf().resolve("signet-samples").resolve(sample).resolve("smtpserver.xml");
        XmlFile.read(conf().resolve("smtpserver.xml")).children(HOOK, XmlFile.read(servers).children(HOOK)).write();
    }

    /** Takes all of Signet out again; everything else stays as it is. */
    public void removeSignet() throws IOException {
        delete(directory.resolve("extensions-jars"));
        Files.delete(conf().resolve("extensions.properties"));
        String ours = "//*[starts-with(@class, 'dev.signet.') or starts-with(@match, 'dev.signet.')]";
        for (String file : List.of("smtpserver.xml", "mailetcontainer.xml")) {
            XmlFile.read(conf().resolve(file)).remove(ours).write();
        }
    }

    private XmlFile mailetsOf(String sample) throws IOException {
        // This James keeps everything in memory.
        return XmlFile.read(conf().resolve("signet-samples").resolve(sample).resolve("mailetcontainer.xml"))
                .replace("//errorRepository | //repositoryPath | //reject | //aside", "file://", "memory://");
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> content = Files.walk(directory)) {
                for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private void writeTheRest() throws IOException {
        for (String name : THE_REST) {
            try (InputStream in = JamesInstall.class.getResourceAsStream("conf/" + name)) {
                if (in == null) {
                    throw new IOException("no template " + name);
                }
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .replace("@domain@", DOMAIN)
                        .replace("@imap@", Integer.toString(ports.imap()))
                        .replace("@webAdmin@", Integer.toString(ports.webAdmin()));
                Files.writeString(conf().resolve(name), text);
            }
        }
    }

    /** The JDK's classes make no certificates; its {@code keytool} does. */
    private void createKeystore() throws IOException, InterruptedException {
        Path keystore = conf().resolve("keystore");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "james", "-keyalg", "EC", "-groupname", "secp256r1",
                        "-dname", "CN=mx." + DOMAIN, "-validity", "30",
                        "-storetype", "PKCS12", "-storepass", KEYSTORE_PASSWORD, "-keystore", keystore.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + said);
        }
    }
}
