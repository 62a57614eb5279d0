// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signet.scenario.SigningDomain;
import dev.signet.testing.LoopbackDns;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The jars for James 3.9 in its real mailet container, loaded from {@code extensions-jars} by its own class loader. The rest of
 * that server is not published where builds can get it; what the hook does is tested on James 3.8, whose interfaces are the same.
 */
class James39IT {

    private static final String RESULTS = "Authentication-Results: " + JamesInstall.DOMAIN + ";";

    private static LoopbackDns dns;
    private static SigningDomain sender;
    private static SigningDomain home;
    private static URLClassLoader james;
    private static UnaryOperator<byte[]> container;

    @BeforeAll
    static void startContainer() throws Throwable {
        dns = LoopbackDns.start();
        sender = SigningDomain.create("news.example");
        home = SigningDomain.create(JamesInstall.DOMAIN);
        sender.publishIn(dns);
        home.publishIn(dns);
        // Before anybody asks: the container keeps what it was told.
        dns.txt("_dmarc." + JamesInstall.DOMAIN, "v=DMARC1; p=reject");
        List<URL> classPath = new ArrayList<>(List.of(TestBuild.container39().toUri().toURL()));
        try (Stream<Path> jars = Files.list(TestBuild.james39())) {
            for (Path jar : (Iterable<Path>) jars::iterator) {
                classPath.add(jar.toUri().toURL());
            }
        }
        // The JDK and James, and nothing of what the tests themselves see.
        james = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        Path directory = install("james-3.9");
        // As INSTALL.md leaves it: our Guice module is named nowhere. The container of the last test names it.
        Files.delete(directory.resolve("conf/extensions.properties"));
        container = start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        james.close();
        dns.close();
    }

    @Test
    void theClassesComeFromTheDropIn() {
        assertThatThrownBy(() -> james.loadClass("dev.signet.mailets.VerifyMail")).isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> james.loadClass("dev.signet.inbound.InboundCheck")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void verifiesAndWritesResultsOnTopOfUntouchedBytes() {
        String message = sender.sign(message("Subject :  odd \r\n\tfolding\r\n", "8 bit: \u00E9\u00FF \r\n.\r\n\r\n\r\n"));
        String processed = process(message);
        assertThat(processed).startsWith(RESULTS).endsWith(message);
        String results = processed.substring(0, processed.length() - message.length());
        assertThat(results).containsSubsequence("dkim=pass", "header.a=rsa-sha256", "dkim=pass", "header.a=ed25519-sha256");
        assertThat(results.replaceAll("\r\n[ \t]", "").lines()).as("one field").hasSize(1);
    }

    @Test
    void removesForgedResults() {
        String honest = message("Subject: trust me\r\n", "Text\r\n");
        String forged = RESULTS + " dkim=pass header.d=bank.example\r\nReceived-SPF: pass (bank) receiver=" + JamesInstall.DOMAIN + "\r\n";
        assertThat(process(forged + forged + honest)).endsWith(honest).contains("dkim=none").doesNotContain("bank");
    }

    @Test
    void aMatcherChoosesByTheVerdict() {
        String tampered = sender.sign(message("Subject: x\r\n", "Text\r\n")).replace("Text", "Test");
        assertThat(process(tampered)).contains("dkim=fail").contains("X-Dkim-Is: fail\r\n");
        assertThat(process(message("Subject: y\r\n", "Text\r\n"))).doesNotContain("X-Dkim-Is");
    }

    @Test
    void actsOnTheDispositionOfDmarc() {
        dns.txt("_dmarc.strict.example", "v=DMARC1; p=reject");
        String spoof = message("X-Dmarc: pass\r\n", "Text\r\n").replace("news.example", "strict.example");
        assertThat(process(spoof)).startsWith("X-Dmarc: reject\r\n" + RESULTS).contains("dmarc=fail").doesNotContain("X-Dmarc: pass");
    }

    @Test
    void aPostThatTheListChangedLeavesInItsNameAndPasses() {
        SigningDomain strict = SigningDomain.create("author.example");
        strict.publishIn(dns);
        dns.txt("_dmarc.author.example", "v=DMARC1; p=reject");
        String post = strict.sign("From: Ann <ann@author.example>\r\nSubject: post\r\n\r\n8 bit: \u00E9\r\n");
        String sent = process(post);
        assertThat(sent)
                .containsSubsequence("\r\nFrom: Ann via Talk <talk@home.example>\r\n", "X-Original-From: Ann <ann@author.example>\r\n",
                        "Reply-To: Ann <ann@author.example>\r\n", "Subject: [talk] post\r\n", "dmarc=pass")
                .doesNotContain("\r\nFrom: Ann <")
                .endsWith("\r\n\r\n8 bit: \u00E9\r\n");
        assertThat(process(sent)).containsPattern("dmarc=pass[^;]*header.from=home.example");
    }

    @Test
    void aListPostsWithItsFieldsAndFooterAndLeavesTheRest() {
        String post = sender.sign(message("Subject: to the list\r\nX-Odd :  folded\r\n\t and kept \r\n", "Text\r\n"));
        assertThat(process(post))
                .startsWith("X-BeenThere: talk@home.example\r\nPrecedence: list\r\nList-Id: <talk.home.example>\r\n")
                .endsWith(post + "The talk list\r\n");
    }

    @Test
    void aPostWhoseSignatureHoldsLeavesAsItIs() {
        SigningDomain strict = SigningDomain.create("author2.example");
        strict.publishIn(dns);
        dns.txt("_dmarc.author2.example", "v=DMARC1; p=reject");
        String post = strict.sign("From: Ann <ann@author2.example>\r\nSubject: unchanged\r\n\r\nText\r\n");
        assertThat(process(post)).endsWith(post).contains("dmarc=pass");
    }

    @Test
    void signsLastAndWhatItSignedVerifies() {
        String text = "From: bob@home.example\r\nSubject: mine\r\n\r\nText\r\n";
        // A stranger brings it: what shows that it is ours are signatures that it has already.
        String message = home.sign(text);
        String signed = process(message);
        assertThat(signed).endsWith(message);
        assertThat(process(text)).endsWith(text).doesNotContain("DKIM-Signature:");
        // Once more through the same container, without the first ones: its own verifier is the judge.
        assertThat(process(signed.substring(0, signed.length() - message.length()) + text)).containsSubsequence(
                "dkim=pass", "header.d=home.example", "header.a=rsa-sha256", "dkim=pass", "header.d=home.example", "header.a=ed25519-sha256");
    }

    @Test
    void sealsBehindAChangeAndTheNextSealCountsOn() {
        String message = sender.sign(message("X-List: yes\r\nSubject: x\r\n", "8 bit: \u00E9\r\n"));
        String once = process(message);
        assertThat(once).containsOnlyOnce("ARC-Seal:").contains("cv=none; d=home.example;").contains("X-Changed:");
        assertThat(once.replaceAll("\r\n[ \t]+", " ")).containsPattern("ARC-Authentication-Results: i=1; home.example; .*dkim=pass.*arc=none");
        // Once more through the same container: its own validator is the judge.
        String twice = process(once);
        assertThat(twice.substring(0, twice.length() - once.length())).contains("arc=pass", "as.1.home.example=pass", "cv=pass; d=home.example;");
        assertThat(process(twice)).contains("as.2.home.example=pass, as.1.home.example=pass", "X-Sealed-By: us\r\n");
    }

    @Test
    void aMistakeStopsItAndIsNamed() throws Exception {
        Path directory = install("james-3.9-mistake");
        Files.writeString(directory.resolve("conf/signet.properties"), "deadline = 3\n");
        assertThatThrownBy(() -> start(directory)).hasStackTraceContaining("deadline: found \"3\", expected a duration");
    }

    private static String message(String fields, String body) {
        return "From: editor@news.example\r\nMessage-ID: <1@news.example>\r\n" + fields + "\r\n" + body;
    }

    private static String process(String message) {
        return new String(container.apply(message.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    private static Path install(String name) throws IOException {
        Path directory = TestBuild.emptyDirectory(name).toAbsolutePath();
        TestBuild.signetFor39().unpackIn(directory);
        Path conf = directory.resolve("conf");
        Files.copy(conf.resolve("signet-samples/extensions.properties"), conf.resolve("extensions.properties"));
        Files.writeString(conf.resolve("signet.properties"),
                "authserv-id = " + JamesInstall.DOMAIN + "\ndns.servers = 127.0.0.1:" + dns.socketAddress().getPort() + "\n");
        List<String> keys = home.writeKeysTo(conf);
        Files.writeString(conf.resolve("members"), "editor@news.example\n");
        Files.writeString(conf.resolve("footer"), "The talk list\n");
        Files.writeString(conf.resolve("mailetcontainer.xml"), """
                <mailetcontainer>
                  <processors>
                    <processor state="root">
                      <mailet match="All" class="dev.signet.mailets.VerifyMail"/>
                      <mailet match="All" class="dev.signet.mailets.ApplyDmarc">
                        <quarantine>repository memory://var/mail/dmarc/</quarantine>
                        <reject>header X-Dmarc: reject</reject>
                      </mailet>
                      <mailet match="dev.signet.matchers.DkimIs=fail" class="SetMimeHeader">
                        <name>X-Dkim-Is</name>
                        <value>fail</value>
                      </mailet>
                      <mailet match="All" class="ToProcessor">
                        <processor>transport</processor>
                      </mailet>
                    </processor>
                    <processor state="transport">
                      <mailet match="SubjectIs=to the list" class="dev.signet.mailets.ListPost">
                        <address>talk@home.example</address>
                        <members>file://conf/members</members>
                        <footer>file://conf/footer</footer>
                      </mailet>
                      <mailet match="HasHeader=X-List" class="SetMimeHeader">
                        <name>X-Changed</name>
                        <value>by the list</value>
                      </mailet>
                      <mailet match="SubjectIs=post" class="AddSubjectPrefix">
                        <subjectPrefix>[talk]</subjectPrefix>
                      </mailet>
                      <mailet match="dev.signet.matchers.AuthorPolicyIs=reject,quarantine" class="dev.signet.mailets.MungeFrom">
                        <list>talk@home.example</list>
                        <name>Talk</name>
                      </mailet>
                      <mailet match="HasHeader=X-List" class="dev.signet.mailets.SealArc">
                        <key>%2$s</key>
                        <key>*%3$s domain=home.example</key>
                      </mailet>
                      <mailet match="dev.signet.matchers.SealedBy=home.example" class="SetMimeHeader">
                        <name>X-Sealed-By</name>
                        <value>us</value>
                      </mailet>
                      <mailet match="All" class="dev.signet.mailets.SignDkim">
                        %1$s
                      </mailet>
                      <mailet match="All" class="dev.signet.james39.Departure"/>
                    </processor>
                    <processor state="list">
                      <mailet match="All" class="dev.signet.james39.Departure"/>
                    </processor>
                    <processor state="error">
                      <mailet match="All" class="Null"/>
                    </processor>
                  </processors>
                </mailetcontainer>
                """.formatted(
                        keys.stream().map(key -> "<key>" + key + "</key>").reduce("", String::concat),
                        keys.getFirst(),
                        keys.getFirst().replaceFirst("\\S*", "")));
        return directory;
    }

    @SuppressWarnings("unchecked") // It says so in its first line.
    private static UnaryOperator<byte[]> start(Path directory) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader ours = thread.getContextClassLoader();
        thread.setContextClassLoader(james);
        try {
            return (UnaryOperator<byte[]>) james.loadClass("dev.signet.james39.MailetContainer").getConstructor(Path.class).newInstance(directory);
        } catch (InvocationTargetException e) {
            // As text, now: its classes are gone when the result of the test is reported, and a failure that cannot be printed is lost.
            StringWriter trace = new StringWriter();
            e.getCause().printStackTrace(new PrintWriter(trace));
            throw new IllegalStateException(trace.toString());
        } finally {
            thread.setContextClassLoader(ours);
        }
    }
}
