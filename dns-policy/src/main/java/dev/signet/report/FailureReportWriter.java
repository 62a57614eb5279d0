// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.hash.Hashing;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dkim.DkimResult;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.spf.SpfResult;

import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes failure reports (RFC 9991, in the format of RFC 5965 and RFC 6591). They tell domains, addresses of hosts and results, never
 * the content of a message, never a local part (RFC 6590), and never who it was for. Immutable.
 */
public final class FailureReportWriter {

    private static final int MAX_REASON = 200;
    private static final int MAX_RESULTS = 10;
    // Long enough for every record that is published in earnest.
    private static final int MAX_RECORD = 2_000;
    private static final Pattern LONG_WORD = Pattern.compile("[^ ]{400}(?=[^ ])");
    private static final int HEX_DIGITS = 32;

    private final Reporter reporter;
    private final Redaction redaction;

    /** @param redactionKey a secret, at least 16 bytes; as long as it is the same, so are the tokens that stand for local parts */
    public FailureReportWriter(Reporter reporter, byte[] redactionKey) {
        this.reporter = reporter;
        this.redaction = new Redaction(redactionKey);
    }

    /**
     * Whose SPF record the report has to show.
     *
     * @return empty where SPF passed, or neither is about a domain of the author nor what the report is of
     */
    public static Optional<DomainName> spfDomain(FailedMessage message) {
        return message.failedSpf();
    }

    /**
     * The mail that brings the report, unsigned: somebody has to sign it for the domain of the reporter's address.
     *
     * @param incidents how many such messages it stands for
     * @param spfRecord of {@link #spfDomain}, as published; empty where there is none
     * @param to a destination that was verified
     */
    public byte[] write(FailedMessage message, long incidents, Optional<String> spfRecord, String to, Instant now) {
        DomainName author = message.dmarc().authorDomain().orElseThrow();
        String text = "This is a DMARC failure report of " + reporter.domain() + " about mail with an author in\r\n" + author
                + ". Addresses are told with tokens for their local parts; the content is not told.\r\n"
                + (reporter.email().isEmpty() ? "" : "Questions: " + ReportMail.line(reporter.email()) + "\r\n");
        // RFC 5965 §2 (g): the subject of the message should be that of the report. It is content, and stays here.
        return new ReportMail(reporter.email(), to, "DMARC failure report about " + author, now, id(message), reporter.domain())
                .report("feedback-report", text)
                .part("message/feedback-report", feedback(message, author, incidents, spfRecord))
                .part("text/rfc822-headers", ToldHeader.of(message.header(), redaction))
                .bytes();
    }

    private String feedback(FailedMessage message, DomainName author, long incidents, Optional<String> spfRecord) {
        Fields fields = new Fields();
        fields.add("Feedback-Type", "auth-failure");
        fields.add("Version", "1");
        fields.add("User-Agent", reporter.generator());
        fields.add("Auth-Failure", message.failure().word());
        fields.lines.append(results(message)).append("\r\n");
        fields.add("Identity-Alignment", unaligned(message.dmarc()));
        message.action().ifPresent(action -> fields.add("Delivery-Result", deliveryResult(action)));
        fields.add("Original-Envelope-Id", redaction.text(ReportText.name(message.envelopeId())));
        fields.add("Original-Mail-From", "<" + redaction.address(message.delivery().mailFrom()) + ">");
        fields.add("Source-IP", address(message));
        fields.add("Arrival-Date", ReportMail.date(message.delivery().time()));
        fields.add("Reported-Domain", author.ascii());
        message.failedSignature().ifPresent(signature -> signature(fields, signature));
        message.failedSpf().ifPresent(domain -> fields.add("SPF-DNS", "txt : " + domain + " : " + quoted(spfRecord.orElse(""))));
        fields.add("Incidents", Long.toString(incidents));
        return fields.lines.toString();
    }

    /** RFC 9991 §4: the mechanisms "that failed to authenticate an aligned identity", or none. */
    private static String unaligned(DmarcResult dmarc) {
        List<String> unaligned = new ArrayList<>(2);
        if (dmarc.alignedDkim().isEmpty()) {
            unaligned.add("dkim");
        }
        if (dmarc.alignedSpf().isEmpty()) {
            unaligned.add("spf");
        }
        return unaligned.isEmpty() ? "none" : String.join(", ", unaligned);
    }

    /** RFC 6591 §3.2.2. */
    private static String deliveryResult(ActionTaken action) {
        return switch (action) {
            case NONE, PASS -> "delivered";
            case QUARANTINE -> "spam";
            case REJECT -> "reject";
        };
    }

    /** RFC 5965 §3.2: as in RFC 5321, but without brackets. */
    private static String address(FailedMessage message) {
        String address = message.delivery().client().getHostAddress();
        return message.delivery().client() instanceof Inet6Address ? address.replaceFirst("%.*$", "") : address;
    }

    private void signature(Fields fields, DkimResult signature) {
        fields.add("DKIM-Domain", String.valueOf(signature.domain()));
        fields.add("DKIM-Identity", redaction.address(ReportText.name(Optional.ofNullable(signature.identity()).orElse("@" + signature.domain()))));
        fields.add("DKIM-Selector", ReportText.name(String.valueOf(signature.selector())));
    }

    private String results(FailedMessage message) {
        List<MethodResult> results = new ArrayList<>();
        message.dmarc().authorDomain().ifPresent(author -> results.add(
                MethodResult.of("dmarc", message.dmarc().status().word()).withProperty(PropertyType.HEADER, "from", author.ascii())));
        message.spf().ifPresent(spf -> results.add(result(spf)));
        message.dkim().stream().filter(dkim -> dkim.domain() != null).limit(MAX_RESULTS).forEach(dkim -> results.add(result(dkim)));
        return AuthenticationResults.of(reporter.domain().ascii(), results).toField().toString();
    }

    /** Without the reason: it may name a domain into which a macro of the record has put a local part (RFC 7208 §7). */
    private static MethodResult result(SpfResult spf) {
        MethodResult result = MethodResult.of("spf", spf.state().word());
        return spf.domain() == null ? result : result.withProperty(PropertyType.SMTP, "mailfrom", spf.domain().ascii());
    }

    private MethodResult result(DkimResult dkim) {
        MethodResult result = MethodResult.of("dkim", dkim.state().toString()).withReason(reason(dkim.reason()));
        result = result.withProperty(PropertyType.HEADER, "d", String.valueOf(dkim.domain()));
        return dkim.selector() == null ? result : result.withProperty(PropertyType.HEADER, "s", ReportMail.line(dkim.selector()));
    }

    /** Ours, and may quote a stranger. */
    private String reason(String reason) {
        String text = redaction.text(ReportMail.line(reason));
        return text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text;
    }

    private static String quoted(String record) {
        String text = record.length() > MAX_RECORD ? record.substring(0, MAX_RECORD) : record;
        // A line must not end within a quoted pair, and each character may become one.
        String foldable = LONG_WORD.matcher(ReportMail.line(text)).replaceAll("$0 ");
        return '"' + foldable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private String id(FailedMessage message) {
        String about = reporter.domain() + "\n" + message.envelopeId() + "\n" + message.delivery().time();
        return Hashing.sha256().hashString(about, StandardCharsets.UTF_8).toString().substring(0, HEX_DIGITS);
    }

    /** The fields of the report, each on its own line, folded. */
    private static final class Fields {

        private final StringBuilder lines = new StringBuilder();

        void add(String name, String value) {
            lines.append(ReportMail.field(name, value));
        }
    }
}
