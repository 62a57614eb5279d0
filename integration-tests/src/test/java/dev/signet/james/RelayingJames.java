// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import dev.signet.smtp.SmtpSink;
import dev.signet.testing.LoopbackDns;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A James that takes the mail of its domain, with DMARC, and passes it on to a server behind it. Its queues outlive it. */
final class RelayingJames implements AutoCloseable {

    /** How many mails it works on at once between the SMTP server and the outgoing queue. */
    static final int SPOOL_THREADS = 4;

    // As the samples have it, but for one kind of failure: a server behind it that is away for a moment.
    private static final Map<String, String> DELIVERY = Map.of(
            "outgoingQueue", "outgoing",
            "delayTime", "3 seconds",
            "maxRetries", "60",
            "sendpartial", "true",
            "bounceProcessor", "bounces",
            "gateway", "127.0.0.1");

    private final JamesInstall install;
    private final SmtpSink behind;
    private JamesProcess process;

    private RelayingJames(JamesInstall install, SmtpSink behind) throws IOException, InterruptedException {
        this.install = install;
        this.behind = behind;
        this.process = JamesProcess.start(install, "256m");
    }

    static RelayingJames start(String directory, LoopbackDns dns, SmtpSink behind) throws IOException, InterruptedException {
        return new RelayingJames(layOut(directory, dns, behind), behind);
    }

    /** The same James without anything of ours. */
    static RelayingJames startWithoutSignet(String directory, LoopbackDns dns, SmtpSink behind) throws IOException, InterruptedException {
        JamesInstall install = layOut(directory, dns, behind);
        for (String file : List.of("mailetcontainer.xml", "smtpserver.xml")) {
            XmlFile.read(install.conf().resolve(file)).remove("//*[starts-with(@class, 'dev.signet.')]").write();
        }
        Files.delete(install.conf().resolve("extensions.properties"));
        return new RelayingJames(install, behind);
    }

    private static JamesInstall layOut(String directory, LoopbackDns dns, SmtpSink behind) throws IOException, InterruptedException {
        JamesInstall install = JamesInstall.layOut(
                        TestBuild.emptyDirectory(directory), TestBuild.james38(), TestBuild.signetFor38(), Ports.free(), behind.port())
                .withDurableQueue(TestBuild.durableFor38());
        install.useInboundSample("dmarc-reject");
        // Whoever is behind it knows the users. On its second port nothing is verified before it is accepted.
        XmlFile.read(install.conf().resolve("smtpserver.xml"))
                .remove("//handler[contains(@class, 'ValidRcptHandler')]")
                .remove("//smtpserver[jmxName='proxied-mx']//handler[@class='dev.signet.mailets.VerifyMailHook']")
                .write();
        String delivery = "//processor[@state='transport']/mailet[@class='LocalDelivery']";
        XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                .text("//spooler/threads", Integer.toString(SPOOL_THREADS))
                .attribute(delivery, "match", "HostIsLocal")
                .children(delivery, DELIVERY)
                .append(delivery, "gatewayPort", Integer.toString(behind.port()))
                .attribute(delivery, "class", "RemoteDelivery")
                .write();
        install.set(Map.of(
                "authserv-id", JamesInstall.DOMAIN,
                "dns.servers", "127.0.0.1:" + dns.socketAddress().getPort(),
                // Longer than any test waits: nothing here becomes a temporary error by itself.
                "deadline", "5 min",
                "dns.timeout", "1 min"));
        return install;
    }

    Ports ports() {
        return install.ports();
    }

    /** SIGKILL. */
    void kill() {
        process.close();
    }

    void startAgain() throws IOException, InterruptedException {
        process = JamesProcess.start(install, "256m");
    }

    /** Where each mail is, while James is not running. */
    Copies copies() throws IOException, InterruptedException, TimeoutException {
        // What it had sent is read to its end.
        behind.awaitIdle(Duration.ofSeconds(30));
        return Copies.of(behind, LeftMail.in(install));
    }

    WebAdmin admin() {
        return new WebAdmin(ports().webAdmin());
    }

    @Override
    public void close() {
        process.close();
    }
}
