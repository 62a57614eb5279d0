// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import dev.signet.dkim.DkimFailure;
import dev.signet.dkim.DkimResult;
import dev.signet.dkim.DkimState;
import dev.signet.dmarc.DiscoveryMethod;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dmarc.Handling;
import dev.signet.dmarc.Organization;
import dev.signet.dmarc.PolicyDiscovery;
import dev.signet.dmarc.PolicyOrigin;
import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.message.MessageLimits;
import dev.signet.report.FailureReport.Mechanism;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;
import dev.signet.spf.SpfStep;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

class FailureReportWriterTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final DomainName AUTHOR = DomainName.of("news.example.com");
    private static final DomainName POLICY = DomainName.of("example.com");
    private static final Reporter REPORTER =
            new Reporter(DomainName.of("mx.home.example"), "Home", "dmarc@home.example", "", "Signet/1");
    private static final FailureReportWriter WRITER = new FailureReportWriter(REPORTER, new byte[32]);

    private static final String HEADER = """
            Received: from evil.example (unknown [192.0.2.66] (authenticated as secret-login))\r
            \tby mx.home.example with ESMTP id 1 for <secret-recipient@home.example>;\r
            \tMon, 23 Nov 2026 12:00:00 +0000\r
            Received: from secret-host@x by (secret comment) y; secret tail\r
            DKIM-Signature: v=1; a=rsa-sha256; d=news.example.com; s=s1; h=from:subject; bh=abc=; b=def=;\r
            \ti="secret-identity"@news.example.com; z=Subject:secret-copy; note=secret-tag\r
            From: "Secret Display" <secret.author@news.example.com>\r
            Sender: secret words without an address\r
            To: Secret Recipient <secret-recipient@home.example>\r
            Cc: secret-copy@home.example\r
            Reply-To: secret-reply@news.example.com\r
            Subject: secret subject\r
            Date: Mon, 23 Nov 2026 11:59:00 +0000 (secret zone)\r
            Message-ID: <1@news.example.com>\r
            List-Id: Secret List <list.news.example.com>\r
            X-Originating-User: secret\r
            Secret-Field: 1\r
            \r
            """;

    static DmarcResult dmarc(DmarcResult.Status status, String record, boolean dkimAligned, boolean spfAligned, Disposition disposition) {
        PolicyDiscovery.Found found = new PolicyDiscovery.Found(AUTHOR, DmarcRecord.parse("v=DMARC1; " + record).orElseThrow(), POLICY,
                PolicyOrigin.ORGANIZATION, new Organization.Known(POLICY), disposition, DiscoveryMethod.TREEWALK, List.of());
        return new DmarcResult(status, Optional.of(AUTHOR), Optional.of(found), spfAligned ? Optional.of(AUTHOR) : Optional.empty(),
                dkimAligned ? List.of(AUTHOR) : List.of(), new Handling(disposition, disposition, List.of(), true), "why");
    }

    private static DkimResult dkim(DkimState state, String domain) {
        return new DkimResult(state, "the key of secret-reason@x is odd", DomainName.of(domain), "s1", "secret-identity@" + domain, "rsa-sha256", 2048, "abc", false, null, DkimFailure.OTHER);
    }

    private static SpfResult spf(SpfResult.State state, String domain) {
        return new SpfResult(state, SpfIdentity.MAIL_FROM, "secret-sender@" + domain, DomainName.of(domain), "-all", DomainName.of(domain), 0, null,
                "no for secret-sender@" + domain, new SpfStep("", "", 0, List.of()));
    }

    private static FailedMessage message(String mailFrom, List<DkimResult> dkim, SpfResult spf, Optional<ActionTaken> action) {
        try {
            Delivery delivery = new Delivery(NOW, InetAddress.getByName("2001:db8::1"), mailFrom, Optional.empty(), false);
            byte[] header = HEADER.getBytes(StandardCharsets.ISO_8859_1);
            return new FailedMessage(delivery, "Mail1", dmarc(DmarcResult.Status.FAIL, "p=none; ruf=mailto:f@example.com", false, false, Disposition.REJECT),
                    dkim, Optional.of(spf), HeaderBlock.parse(header, header.length - 4, MessageLimits.DEFAULT), action);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FailedMessage message() {
        return message("secret-sender@news.example.com", List.of(dkim(DkimState.FAIL, "other.example"), dkim(DkimState.FAIL, "news.example.com")),
                spf(SpfResult.State.FAIL, "news.example.com"), Optional.of(ActionTaken.NONE));
    }

    private static String written(FailedMessage message, String spfRecord) {
        return new String(WRITER.write(message, 7, Optional.of(spfRecord), "f@example.com", NOW), StandardCharsets.ISO_8859_1);
    }

    private static String unfolded(String mail) {
        return mail.replaceAll("\r\n[ \t]+", " ");
    }

    @Test
    void hostileCase31AFailureReportLeaksNothingButDomainsAndHosts() {
        String mail = written(message(), "v=spf1 -all");

        assertThat(mail).doesNotContainIgnoringCase("secret").doesNotContainIgnoringCase("display");
        assertThat(mail).contains("192.0.2.66", "evil.example", "Date: Mon, 23 Nov 2026 11:59:00 +0000\r\n", "<1@news.example.com>", "List-Id: <list.news.example.com>", "bh=abc=", "d=news.example.com");
    }

    @Test
    void hostileCase31ALocalPartThatAMacroPutIntoANameIsNotTold() {
        SpfResult spf = new SpfResult(SpfResult.State.PERMERROR, SpfIdentity.MAIL_FROM, "secret.sender@news.example.com", AUTHOR, "redirect=%{l}._u.%{d}", AUTHOR, 1, null,
                "secret.sender._u.news.example.com has no SPF record", new SpfStep("", "", 0, List.of()));

        assertThat(written(message("secret.sender@news.example.com", List.of(), spf, Optional.of(ActionTaken.NONE)), "v=spf1 redirect=%{l}._u.%{d}")).doesNotContain("secret");
    }

    @Test
    void aLocalPartHasTheSameTokenEverywhereAndAnotherOneWithAnotherKey() {
        String mail = unfolded(written(message(), "v=spf1 -all"));
        String token = mail.replaceFirst("(?s)^.*\nDKIM-Identity: (\\S+)@news.*$", "$1");

        assertThat(token).matches("[A-Za-z0-9_-]{20}");
        assertThat(written(message(), "v=spf1 -all")).contains(token);
        byte[] other = new byte[32];
        other[0] = 1;
        assertThat(new String(new FailureReportWriter(REPORTER, other).write(message(), 1, Optional.empty(), "f@example.com", NOW), StandardCharsets.ISO_8859_1))
                .doesNotContain(token);
        assertThatThrownBy(() -> new FailureReportWriter(REPORTER, new byte[15])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdentityWithoutALocalPartIsToldAsItIs() {
        DkimResult signature = new DkimResult(DkimState.FAIL, "why", AUTHOR, "s1", "@news.example.com", "rsa-sha256", 2048, "abc", false, null, DkimFailure.OTHER);
        String mail = written(message("a@news.example.com", List.of(signature), spf(SpfResult.State.FAIL, "news.example.com"), Optional.of(ActionTaken.NONE)), "");

        assertThat(mail).contains("\r\nDKIM-Identity: @news.example.com\r\n");
    }

    @Test
    void allFieldsOfTheRfcsAreThere() {
        String mail = unfolded(written(message(), "v=spf1 include:\"x\\y\" -all"));

        assertThat(Splitter.on("\r\n").splitToList(mail)).contains(
                "From: dmarc@home.example",
                "To: f@example.com",
                "Auto-Submitted: auto-generated",
                "Content-Type: message/feedback-report",
                "Content-Type: text/rfc822-headers",
                "Feedback-Type: auth-failure",
                "Version: 1",
                "User-Agent: Signet/1",
                "Auth-Failure: dmarc",
                "Identity-Alignment: dkim, spf",
                "Delivery-Result: delivered",
                "Original-Envelope-Id: Mail1",
                "Source-IP: 2001:db8:0:0:0:0:0:1",
                "Date: Mon, 23 Nov 2026 12:00:00 +0000",
                "Arrival-Date: Mon, 23 Nov 2026 12:00:00 +0000",
                "Reported-Domain: news.example.com",
                "DKIM-Domain: news.example.com",
                "DKIM-Selector: s1",
                "SPF-DNS: txt : news.example.com : \"v=spf1 include:\\\"x\\\\y\\\" -all\"",
                "Incidents: 7");
        assertThat(mail).contains("Content-Type: multipart/report; report-type=feedback-report; boundary=", "Authentication-Results: mx.home.example;")
                .containsPattern("Original-Mail-From: <[A-Za-z0-9_-]{20}@news.example.com>");
    }

    @Test
    void itIsReadBackAsWritten() throws Exception {
        MailedReport read = FailureReports.read(written(message(), "v=spf1 -all"));

        assertThat(read).isInstanceOf(MailedReport.Failure.class);
        assertThat(((MailedReport.Failure) read).repairs()).isEmpty();
        assertThat(((MailedReport.Failure) read).report()).isEqualTo(new FailureReport("dmarc", AUTHOR, Optional.of(InetAddress.getByName("2001:db8::1")),
                Optional.of(NOW), Optional.of(Set.of(Mechanism.DKIM, Mechanism.SPF)), "delivered", "news.example.com", "news.example.com", "s1", 7, "Signet/1"));
    }

    @ParameterizedTest
    @CsvSource({"NONE, delivered", "PASS, delivered", "QUARANTINE, spam", "REJECT, reject"})
    void whatWasDoneIsSaidInTheWordsOfRfc6591(ActionTaken action, String word) {
        FailedMessage message = message("", List.of(), spf(SpfResult.State.NONE, "news.example.com"), Optional.of(action));
        assertThat(written(message, "")).contains("Delivery-Result: " + word + "\r\n", "Original-Mail-From: <>\r\n");
    }

    @Test
    void whereNobodyKnowsWhatIsDoneNothingIsSaid() {
        assertThat(written(message("", List.of(), spf(SpfResult.State.NONE, "news.example.com"), Optional.empty()), "")).doesNotContain("Delivery-Result");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // Nothing is aligned: DMARC's failure, whatever else was asked for.
        "0     | false | FAIL | BODY_HASH | FAIL | dmarc     | news.example.com | news.example.com",
        "1:d:s | false | FAIL | BODY_HASH | FAIL | dmarc     | news.example.com | news.example.com",
        // DMARC passed, by a signature beside these.
        "0:d:s | true  | FAIL | BODY_HASH | FAIL | bodyhash  | other.example    | ",
        "d     | true  | FAIL | OTHER     | PASS | signature | other.example    | ",
        "d     | true  | PERMERROR | REVOKED | PASS | revoked | other.example   | ",
        "d     | true  | POLICY | OTHER   | FAIL | signature | other.example    | ",
        "s     | true  | FAIL | OTHER     | SOFTFAIL | spf   |                  | other.example",
        "d:s   | true  | PASS | OTHER     | FAIL | spf       |                  | other.example"
    })
    void whatFailedIsNamedAsItWasAskedFor(String fo, boolean passed, DkimState state, DkimFailure failure, SpfResult.State spf, String word,
            @Nullable String dkimDomain, @Nullable String spfDomain) {
        String domain = passed ? "other.example" : "news.example.com";
        FailedMessage message = new FailedMessage(message().delivery(), "Mail1",
                dmarc(passed ? DmarcResult.Status.PASS : DmarcResult.Status.FAIL, "p=none; ruf=mailto:f@example.com; fo=" + fo, passed, passed, Disposition.NONE),
                List.of(dkim(state, domain).as(failure)), Optional.of(spf(spf, domain)), message().header(), Optional.empty());
        String mail = unfolded(written(message, "v=spf1 -all"));

        assertThat(mail).contains("\r\nAuth-Failure: " + word + "\r\n");
        assertThat(mail).contains(dkimDomain == null ? "\r\n" : "\r\nDKIM-Domain: " + dkimDomain + "\r\n");
        assertThat(mail.contains("DKIM-Domain:")).isEqualTo(dkimDomain != null);
        assertThat(mail).contains(spfDomain == null ? "\r\n" : "\r\nSPF-DNS: txt : " + spfDomain + " : \"v=spf1 -all\"\r\n");
        assertThat(mail.contains("SPF-DNS:")).isEqualTo(spfDomain != null);
    }

    @Test
    void theSpfRecordIsThatOfAnAlignedDomain() {
        FailedMessage foreign = message("a@evil.example", List.of(), spf(SpfResult.State.FAIL, "evil.example"), Optional.of(ActionTaken.NONE));

        assertThat(FailureReportWriter.spfDomain(foreign)).isEmpty();
        assertThat(written(foreign, "v=spf1 -all")).doesNotContain("SPF-DNS").doesNotContain("DKIM-Domain");
        assertThat(FailureReportWriter.spfDomain(message())).contains(AUTHOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"quo\\\"ted secret\"@news.example.com", "secret\u00e9@news.example.com", "secret@relay@news.example.com", "SRS0=ab=cd=other.example=secret@news.example.com",
        "secret\r\nBcc: victim@victim.example", "secret"
    })
    void oddSendersAreRedactedToo(String mailFrom) {
        String mail = written(message(mailFrom, List.of(), spf(SpfResult.State.FAIL, "news.example.com"), Optional.of(ActionTaken.NONE)), "");
        assertThat(mail).doesNotContain("secret", "other.example", "\r\nBcc").matches("[\\x20-\\x7E\\r\\n\\t]*");
    }

    @Test
    void whateverTheHeaderHoldsTheReportIsAsciiAndReadable() {
        long seed = new Random().nextLong();
        System.out.println("Failure reports about damaged headers: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] header = HEADER.getBytes(StandardCharsets.ISO_8859_1);
            for (int damage = random.nextInt(40); damage > 0; damage--) {
                header[random.nextInt(header.length)] = (byte) random.nextInt(256);
            }
            FailedMessage sound = message();
            FailedMessage message = new FailedMessage(sound.delivery(), sound.envelopeId(), sound.dmarc(), sound.dkim(), sound.spf(),
                    HeaderBlock.parse(header, header.length - 4, MessageLimits.DEFAULT), Optional.empty());
            String mail = written(message, "v=spf1 -all");
            assertThat(mail).describedAs("seed %s, message %s", seed, i).matches("[\\x20-\\x7E\\r\\n\\t]*");
            assertThat(FailureReports.read(mail)).describedAs("seed %s, message %s", seed, i).isInstanceOf(MailedReport.Failure.class);
        }
    }

    @Test
    void linesAreShortWhateverTheMessageIs() {
        byte[] header = HEADER.replace("b=def=", "b=" + "A".repeat(5_000)).getBytes(StandardCharsets.ISO_8859_1);
        FailedMessage sound = message();
        FailedMessage message = new FailedMessage(sound.delivery(), sound.envelopeId(), sound.dmarc(), sound.dkim(), sound.spf(),
                HeaderBlock.parse(header, header.length - 4, MessageLimits.DEFAULT), Optional.empty());
        for (String record : List.of("v=spf1 " + "ip4:192.0.2.1 ".repeat(1_000), "v=spf1 " + "x".repeat(5_000), "v=spf1 " + "\\\"\\".repeat(2_000))) {
            // RFC 5322 §2.1.1, without CRLF.
            assertThat(Splitter.on("\r\n").split(written(message, record))).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
        }
    }

    @Test
    void aLongRecordIsStillOneQuotedString() {
        String mail = unfolded(written(message(), "v=spf1 " + "\\\"\\".repeat(2_000)));

        assertThat(mail).containsPattern("\nSPF-DNS: txt : news\\.example\\.com : \"(?>[^\"\\\\\r\n]|\\\\[\"\\\\])*+\"\r\n");
    }
}
