// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signet.dmarc.DmarcResult;
import dev.signet.interop.Tools;
import dev.signet.report.FailureReport;
import dev.signet.scenario.SigningDomain;
import dev.signet.scenario.World;
import dev.signet.smtp.Envelope;
import dev.signet.smtp.ReceivedMail;
import dev.signet.smtp.SmtpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** DMARC reports on a real James 3.8: those of others come in and are shown, a failure report of ours leaves. */
@Timeout(120)
class ReceivedReportsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String REPORTS = "dmarc@home.example";
    private static final Path JAR = Path.of(System.getProperty("signet.jar", "../dns-policy/target/signet.jar"));

    private static World world;
    private static SigningDomain reporter;

    @BeforeAll
    static void start() throws Exception {
        world = World.start(
                TestBuild.emptyDirectory("james-3.8-reports"),
                TestBuild.james38(),
                TestBuild.signetFor38(),
                install -> {
                    install.set(Map.of("failure-reports", "true", "failure-reports.from", REPORTS));
                    String collect = "dev.signet.mailets.CollectReports";
                    XmlFile.read(install.conf().resolve("mailetcontainer.xml"))
                            .mailetBefore("//processor[@state='root']/mailet[@class='PostmasterAlias']", "RecipientIs=" + REPORTS, collect)
                            .append("//mailet[@class='" + collect + "']", "aside", "repository memory://var/mail/aside/")
                            .write();
                },
                System.out::println);
        new WebAdmin(world.ports().webAdmin()).addUser(new Account(REPORTS, "secret"));
        reporter = SigningDomain.create("reporter.example");
        reporter.publishIn(world.dns());
        world.dns().txt("_dmarc.reporter.example", "v=DMARC1; p=none").txt("_dmarc.home.example", "v=DMARC1; p=reject");
        world.dns().ptr("192.0.2.44", "mail.friend.example").address("mail.friend.example", "192.0.2.44");
    }

    @AfterAll
    static void stop() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    private static String report(String id, String source, int count) throws IOException {
        long end = Instant.now().minus(Duration.ofHours(12)).getEpochSecond();
        String xml = """
                <?xml version="1.0" encoding="UTF-8"?>
                <feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><version>1.0</version>
                <report_metadata><org_name>Reporter</org_name><email>r@reporter.example</email><report_id>%s</report_id>
                <date_range><begin>%s</begin><end>%s</end></date_range></report_metadata>
                <policy_published><domain>home.example</domain><p>reject</p></policy_published>
                <record><row><source_ip>%s</source_ip><count>%s</count>
                <policy_evaluated><disposition>pass</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>
                <identifiers><header_from>home.example</header_from></identifiers><auth_results/></record></feedback>
                """.formatted(id, end - 86_399, end, source, count);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(file)) {
            gzip.write(xml.getBytes(StandardCharsets.UTF_8));
        }
        return """
                From: r@reporter.example\r
                To: dmarc@home.example\r
                Subject: Report Domain: home.example Submitter: reporter.example Report-ID: <%s>\r
                Message-ID: <%s@reporter.example>\r
                MIME-Version: 1.0\r
                Content-Type: multipart/mixed; boundary=b\r
                \r
                --b\r
                Content-Type: application/gzip; name="reporter.example!home.example!1!2.xml.gz"\r
                Content-Transfer-Encoding: base64\r
                \r
                """.formatted(id, id) + Base64.getMimeEncoder().encodeToString(file.toByteArray()) + "\r\n--b--\r\n";
    }

    private static void send(String from, String recipient, String message) throws IOException {
        try (SmtpClient smtp = SmtpClient.connectAs(world.ports().proxiedMx(), "192.0.2.77")) {
            smtp.ehlo("mail.reporter.example");
            assertThat(smtp.send(new Envelope(from, recipient), message).code()).isEqualTo(250);
        }
    }

    /** As its users run it, beside the James that has the database open. */
    private static String show() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-jar", JAR.toString(),
                        "report", "show", "--domain", "home.example", "--csv", "--dns", "127.0.0.1:" + world.dns().socketAddress().getPort(),
                        "--database", world.james().install().directory().resolve("var/signet/reports").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isIn(0, 2);
        return said;
    }

    @Test
    void aReportIsStoredAndShownOnceAndAForgedOneIsPutAside() throws Exception {
        // Made once: a second later it would be about another time, and another report.
        String genuine = report("genuine", "192.0.2.44", 7);
        send("r@reporter.example", REPORTS, reporter.sign(genuine));
        send("r@reporter.example", REPORTS, reporter.sign(genuine));
        // Not signed: the policy of its domain lets it in, and it fails DMARC all the same.
        send("r@reporter.example", REPORTS, report("forged", "192.0.2.45", 1000));

        List<String> aside = new WebAdmin(world.ports().webAdmin()).mailsIn("var/mail/aside/");
        while (aside.isEmpty()) {
            // The time limit of the test ends this.
            LockSupport.parkNanos(20_000_000);
            aside = new WebAdmin(world.ports().webAdmin()).mailsIn("var/mail/aside/");
        }
        assertThat(aside).singleElement().asString().contains("a report mail that did not pass DMARC: dmarc=fail");

        String shown = show();
        while (!shown.contains("192.0.2.44")) {
            shown = show();
        }
        assertThat(shown.lines()).containsExactly(
                "reports,messages,source,name,from,dkim,spf,disposition,reporters",
                "aggregate,7,192.0.2.44,mail.friend.example,home.example,pass,fail,pass,1");
    }

    @Test
    void aFailureReportLeavesSignedAndRedacted() throws Exception {
        world.dns().txt("_dmarc.failing.example", "v=DMARC1; p=none; fo=1; ruf=mailto:f@failing.example").txt("failing.example", "v=spf1 -all");
        send("secret.sender@failing.example", world.user().address(),
                "From: Secret Boss <secret.boss@failing.example>\r\nTo: secret@home.example\r\nMessage-ID: <1@failing.example>\r\nSubject: secret\r\n\r\nsecret\r\n");

        ReceivedMail mail = world.outside().await(received -> received.envelope().recipients().contains("f@failing.example"), PATIENCE);

        assertThat(mail.envelope().sender()).isEmpty();
        assertThat(mail.message()).doesNotContainIgnoringCase("secret").contains("From: " + REPORTS);
        FailureReport report = ReportMails.readFailure(mail);
        assertThat(report.domain()).hasToString("failing.example");
        assertThat(report.source()).contains(InetAddress.getByName("192.0.2.77"));
        assertThat(report.unaligned()).contains(Set.of(FailureReport.Mechanism.DKIM, FailureReport.Mechanism.SPF));
        assertThat(mail.message()).contains("SPF-DNS: txt : failing.example : \"v=spf1 -all\"");
        assertThat(ReportMails.dmarc(mail, world.dns(), Instant.now()).status()).isEqualTo(DmarcResult.Status.PASS);
        parsesWithPython(mail.message().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The parser of MIME in Python's library sees the parts and fields, and no defect. */
    private static void parsesWithPython(byte[] message) throws IOException, InterruptedException {
        Path python = Path.of("/usr/bin/python3");
        Tools.assume("Python's email package", Files.exists(python) ? Optional.empty() : Optional.of(python.toString()));
        Path file = Files.write(world.james().install().directory().resolve("failure-report.eml"), message);
        List<String> script = new ArrayList<>(List.of(
                "import email, email.policy, sys",
                "m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.SMTP)",
                "print(m.get_content_type(), m.get_param('report-type'))",
                "for p in m.walk(): print(p.get_content_type(), len(p.defects), sum(len(v.defects) for v in p.values()))",
                // The fields of the report stand in a message of their own.
                "r = m.get_payload(1).get_payload(0)",
                "print(r['Feedback-Type'], r['Auth-Failure'], r['Reported-Domain'], r['Incidents'])"));
        Process process = new ProcessBuilder(python.toString(), "-c", String.join("\n", script), file.toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(said.lines()).contains("multipart/report feedback-report", "auth-failure dmarc failing.example 1");
        assertThat(said.lines().filter(line -> line.matches("\\S+/\\S+ \\d+ \\d+"))).isNotEmpty().allMatch(line -> line.endsWith(" 0 0"));
    }
}
