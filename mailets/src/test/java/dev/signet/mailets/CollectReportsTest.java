// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.signet.store.SeenSender;
import org.apache.james.mailrepository.api.MailRepository;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.apache.mailet.base.test.FakeMailetConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import jakarta.mail.MessagingException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** Hostile case 29 above all: whose reports are believed. Mail of example.com, signed by it, brings reports about home.example. */
class CollectReportsTest {

    private static final String DOMAINS = "home.example";

    private final MailWorld world;
    private final List<String> stored = new ArrayList<>();

    CollectReportsTest(@TempDir Path directory) {
        // In memory: nobody closes it, and files could not be deleted behind it.
        world = new MailWorld(directory, Map.of(
                "authserv-id", MailWorld.ID, "reports.database", "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1"));
        world.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
    }

    @AfterEach
    void freeMails() {
        world.close();
    }

    private static String xml(String domain, String id) {
        return """
                <feedback><report_metadata><org_name>Receiver</org_name><email>r@example.com</email><report_id>%s</report_id>
                <date_range><begin>1795305600</begin><end>1795391999</end></date_range></report_metadata>
                <policy_published><domain>%s</domain><p>none</p></policy_published>
                <record><row><source_ip>192.0.2.66</source_ip><count>5</count>
                <policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
                <identifiers><header_from>%s</header_from></identifiers><auth_results/></record></feedback>
                """.formatted(id, domain, domain);
    }

    private static String aggregate(String xml) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(xml.getBytes(StandardCharsets.UTF_8));
        }
        return "From: r@example.com\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + Base64.getMimeEncoder().encodeToString(out.toByteArray()) + "\r\n";
    }

    private static String failure(String domain) {
        return "From: r@example.com\r\nMessage-ID: <2@example.com>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: auth-failure\r\nAuth-Failure: dmarc\r\nSource-IP: 192.0.2.66\r\n"
                + "Identity-Alignment: dkim, spf\r\nReported-Domain: " + domain + "\r\nIncidents: 2\r\n--b--\r\n";
    }

    /** As it comes to the mailet, behind hook and VerifyMail. */
    private MailImpl arrived(String message) throws Exception {
        MailImpl mail = world.mail(message);
        mail.setState(Mail.TRANSPORT);
        new VerifyMailHook(world.signet, world.failures).onMessage(Sessions.from("192.0.2.7"), mail);
        verify(world, mail);
        return mail;
    }

    private static void verify(MailWorld world, Mail mail) throws MessagingException {
        VerifyMail mailet = new VerifyMail(world.signet, world.failures);
        mailet.init(FakeMailetConfig.builder().mailetName("VerifyMail").mailetContext(world.james).build());
        mailet.service(mail);
    }

    private CollectReports mailet(Map<String, String> parameters) throws MessagingException {
        CollectReports mailet = new CollectReports(world.signet, repositories());
        FakeMailetConfig.Builder config = FakeMailetConfig.builder().mailetName("CollectReports").mailetContext(world.james);
        parameters.forEach(config::setProperty);
        mailet.init(config.build());
        return mailet;
    }

    private List<SeenSender> senders() throws Exception {
        return world.signet.receivedReports().senders(Optional.empty(), MailWorld.NOW.minus(Duration.ofDays(300)));
    }

    @Test
    void takesAReportOfAMailThatPassedDmarc() throws Exception {
        MailImpl mail = arrived(MailWorld.signed(aggregate(xml("home.example", "1"))));

        mailet(Map.of("domains", DOMAINS)).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(senders()).containsExactly(
                new SeenSender(SeenSender.Kind.AGGREGATE, "192.0.2.66", "home.example", 5, "none", Optional.of(false), Optional.of(false), 1));
    }

    @Test
    void takesAFailureReport() throws Exception {
        MailImpl mail = arrived(MailWorld.signed(failure("news.home.example")));

        mailet(Map.of("domains", DOMAINS, "passThrough", "true")).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.TRANSPORT);
        assertThat(senders()).containsExactly(
                new SeenSender(SeenSender.Kind.FAILURE, "192.0.2.66", "news.home.example", 2, "", Optional.of(false), Optional.of(false), 1));
    }

    @Test
    void countsAReportThatComesTwiceOnce() throws Exception {
        CollectReports mailet = mailet(Map.of("domains", DOMAINS));
        for (int i = 0; i < 3; i++) {
            MailImpl mail = arrived(MailWorld.signed(aggregate(xml("home.example", "1"))));
            mailet.service(mail);
            assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        }
        assertThat(senders()).singleElement().extracting(SeenSender::messages).isEqualTo(5L);
    }

    @Test
    void hostileCase29AForgedReportIsPutAside() throws Exception {
        MailImpl mail = arrived(aggregate(xml("home.example", "1")));

        mailet(Map.of("domains", DOMAINS)).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.ERROR);
        assertThat(mail.getErrorMessage()).isEqualTo("a report mail that did not pass DMARC: dmarc=fail, neither SPF nor DKIM passed");
        assertThat(senders()).isEmpty();
    }

    @Test
    void hostileCase29AReportAboutOthersIsPutAside() throws Exception {
        MailImpl mail = arrived(MailWorld.signed(aggregate(xml("nothome.example", "1"))));

        mailet(Map.of("domains", DOMAINS, "aside", "repository memory://var/mail/aside/")).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.GHOST);
        assertThat(stored).containsExactly("Mail1: a report about nothome.example, which is no domain of ours");
        assertThat(senders()).isEmpty();
    }

    @Test
    void mailThatNobodyJudgedIsPutAside() throws Exception {
        MailImpl mail = world.mail(MailWorld.signed(aggregate(xml("home.example", "1"))));

        mailet(Map.of("domains", DOMAINS)).service(mail);

        assertThat(mail.getErrorMessage()).isEqualTo("a report mail that did not pass DMARC: no DMARC result");
    }

    @Test
    void withoutTheRequirementAnybodyIsBelieved() throws Exception {
        mailet(Map.of("domains", DOMAINS, "requireDmarc", "false")).service(arrived(aggregate(xml("home.example", "1"))));
        assertThat(senders()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "<!DOCTYPE feedback [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><feedback>&x;</feedback> | no report: DOCTYPE, a document type declaration or an entity",
        "<html/> | no report: NOT_A_REPORT, the root element is html, not feedback"
    })
    void whatCannotBeReadIsPutAsideWithItsReason(String xml, String reason) throws Exception {
        MailImpl mail = arrived(MailWorld.signed(aggregate(xml)));
        String before = MailWorld.bytes(mail);

        mailet(Map.of("domains", DOMAINS, "aside", "processor reports")).service(mail);

        assertThat(mail.getState()).isEqualTo("reports");
        assertThat(mail.getErrorMessage()).isEqualTo(reason);
        assertThat(MailWorld.bytes(mail)).isEqualTo(before);
    }

    @Test
    void whatCannotBeStoredIsPutAside(@TempDir Path other) throws Exception {
        try (MailWorld down = new MailWorld(other, Map.of("authserv-id", MailWorld.ID, "reports.database", "jdbc:postgresql://127.0.0.1:1/none"))) {
            down.dns.txt("_dmarc.example.com", "v=DMARC1; p=reject");
            MailImpl mail = down.mail(MailWorld.signed(aggregate(xml("home.example", "1"))));
            verify(down, mail);
            CollectReports mailet = new CollectReports(down.signet, repositories());
            mailet.init(FakeMailetConfig.builder().mailetName("CollectReports").mailetContext(down.james).setProperty("domains", DOMAINS).build());

            mailet.service(mail);

            assertThat(mail.getState()).isEqualTo(Mail.ERROR);
            assertThat(mail.getErrorMessage()).startsWith("a report that cannot be stored right now: ");
        }
    }

    @Test
    void aReportAboutDaysToComeIsPutAside() throws Exception {
        CollectReports mailet = mailet(Map.of("domains", DOMAINS));
        Instant twoDaysAhead = MailWorld.NOW.plus(Duration.ofDays(2));
        for (Instant end : List.of(twoDaysAhead, twoDaysAhead.plusSeconds(1))) {
            String xml = xml("home.example", "1")
                    .replace("1795305600", Long.toString(end.getEpochSecond() - 86_399))
                    .replace("1795391999", Long.toString(end.getEpochSecond()));
            MailImpl mail = arrived(MailWorld.signed(aggregate(xml)));

            mailet.service(mail);

            assertThat(mail.getState()).describedAs(end.toString()).isEqualTo(end.equals(twoDaysAhead) ? Mail.GHOST : Mail.ERROR);
            assertThat(mail.getErrorMessage()).isEqualTo(end.equals(twoDaysAhead) ? null : "a report about days to come, up to 2026-11-25T12:00:01Z");
        }
    }

    /** The largest reports take 70 MB each, and a spooler has many threads. */
    @Test
    @Timeout(60)
    void readsTwoReportsAtATime() throws Exception {
        CollectReports mailet = mailet(Map.of("domains", DOMAINS, "requireDmarc", "false"));
        AtomicInteger reading = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> spooler = new ArrayList<>();
        List<Mail> mails = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            MailImpl mail = arrived(aggregate(xml("home.example", Integer.toString(i))));
            mail.setMessageNoCopy(new MimeMessageWrapper(mail.getMessage()) {
                @Override
                public InputStream getMessageInputStream() throws MessagingException {
                    reading.incrementAndGet();
                    Uninterruptibles.awaitUninterruptibly(go);
                    return super.getMessageInputStream();
                }
            });
            mails.add(mail);
            spooler.add(Thread.ofPlatform().start(() -> serve(mailet, mail)));
        }
        while (reading.get() < 2 || !spooler.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        assertThat(reading).hasValue(2);

        go.countDown();
        for (Thread thread : spooler) {
            thread.join();
        }
        assertThat(mails).extracting(Mail::getState).containsOnly(Mail.GHOST);
        assertThat(senders()).singleElement().extracting(SeenSender::messages).isEqualTo(30L);
    }

    private static void serve(CollectReports mailet, Mail mail) {
        try {
            mailet.service(mail);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aFieldInPlaceOfAnActionIsOursAlone() throws Exception {
        MailImpl mail = arrived("X-Report: forged\r\n" + aggregate("<html/>"));

        mailet(Map.of("domains", DOMAINS, "aside", "header X-Report: none")).service(mail);

        assertThat(mail.getState()).isEqualTo(Mail.TRANSPORT);
        assertThat(MailWorld.bytes(mail)).startsWith("X-Report: none\r\n").doesNotContain("forged");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "aside | drop | " + DmarcAction.EXPECTED,
        "domains | ho..me | domain names such as example.org",
        "requireDmarc | maybe | true or false",
        "keep | 1 h | a duration from PT24H to PT240000H, such as \"10 s\" or \"PT10S\""
    })
    void saysWhatIsWrongWithAParameter(String name, String found, String expected) {
        assertThatThrownBy(() -> mailet(Map.of(name, found)))
                .isInstanceOf(MessagingException.class)
                .hasMessage("mailet CollectReports: " + name + ": found \"" + found + "\", expected " + expected);
    }

    private MailRepositoryStore repositories() {
        MailRepository repository = (MailRepository) Proxy.newProxyInstance(MailRepository.class.getClassLoader(), new Class<?>[] {MailRepository.class},
                (proxy, method, arguments) -> {
                    Mail mail = (Mail) arguments[0];
                    stored.add(mail.getName() + ": " + mail.getErrorMessage());
                    return null;
                });
        return (MailRepositoryStore) Proxy.newProxyInstance(MailRepositoryStore.class.getClassLoader(), new Class<?>[] {MailRepositoryStore.class},
                (proxy, method, arguments) -> repository);
    }
}
