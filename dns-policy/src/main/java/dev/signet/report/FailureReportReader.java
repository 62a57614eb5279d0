// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.base.Splitter;
import com.google.common.net.InetAddresses;
import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import dev.signet.message.AuthorDomain;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;
import dev.signet.message.MessageLimits;
import dev.signet.report.FailureReport.Mechanism;
import dev.signet.report.ReadReport.Reason;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Understands a {@code message/feedback-report} part. Lenient about all that a reader can do without, which is noted; strict about
 * whose and how many, since a guess there would be counted.
 */
final class FailureReportReader {

    private static final MessageLimits LIMITS = new MessageLimits(1 << 18, 500);
    private static final int MAX_REPAIRS = 50;

    private final HeaderBlock report;
    private final Optional<HeaderBlock> original;
    private final Set<String> repairs = new LinkedHashSet<>();

    private FailureReportReader(HeaderBlock report, Optional<HeaderBlock> original) {
        this.report = report;
        this.original = original;
    }

    /**
     * Reads one.
     *
     * @param feedback the part, decoded
     * @param original the message that it is about, or its header
     */
    static MailedReport.Failure read(byte[] feedback, Optional<byte[]> original) throws Unusable {
        HeaderBlock report = fields(feedback);
        if (report.overLimit().isPresent()) {
            throw new Unusable(Reason.TOO_MANY_ELEMENTS, report.overLimit().get());
        }
        return new FailureReportReader(report, original.map(FailureReportReader::fields)).read();
    }

    private MailedReport.Failure read() throws Unusable {
        if (report.fields().stream().noneMatch(field -> field.nameIs("Feedback-Type"))) {
            throw new Unusable(Reason.MISSING, "no Feedback-Type");
        }
        String type = only("Feedback-Type").toLowerCase(Locale.ROOT);
        if (!type.equals("auth-failure")) {
            throw new Unusable(Reason.NOT_A_REPORT, "Feedback-Type: found \"" + shown(type) + "\", expected auth-failure");
        }
        FailureReport read = new FailureReport(
                failure(),
                domain(),
                source(),
                arrived(),
                unaligned(),
                ReportText.name(only("Delivery-Result").toLowerCase(Locale.ROOT)),
                envelopeFrom(),
                ReportText.name(only("DKIM-Domain")),
                ReportText.name(only("DKIM-Selector")),
                incidents(),
                ReportText.name(only("User-Agent")));
        return new MailedReport.Failure(read, List.copyOf(repairs));
    }

    /** RFC 6591 §3.1: exactly one. */
    private String failure() throws Unusable {
        String failure = only("Auth-Failure").toLowerCase(Locale.ROOT);
        if (failure.isEmpty()) {
            repaired("no Auth-Failure, taken for dmarc");
            return "dmarc";
        }
        return ReportText.name(failure);
    }

    /** Of Reported-Domain, else of what the report says about DMARC, else the author domain of the message. */
    private DomainName domain() throws Unusable {
        String text = only("Reported-Domain");
        if (!text.isEmpty()) {
            return DomainName.parse(text)
                    .orElseThrow(() -> new Unusable(Reason.BAD_VALUE, "Reported-Domain: found \"" + shown(text) + "\", expected a domain name"));
        }
        repaired("no Reported-Domain");
        return report.all("Authentication-Results").stream()
                .flatMap(field -> judged(field).stream())
                .findFirst()
                .or(this::author)
                .orElseThrow(() -> new Unusable(Reason.MISSING, "neither Reported-Domain nor a From field"));
    }

    private static Optional<DomainName> judged(HeaderField field) {
        return switch (AuthenticationResults.parse(field.body())) {
            case AuthenticationResults.Parse.Sound(AuthenticationResults results) -> results.results().stream()
                    .filter(result -> result.method().equals("dmarc"))
                    .flatMap(result -> result.property(PropertyType.HEADER, "from").stream())
                    .flatMap(from -> DomainName.parse(from.substring(from.lastIndexOf('@') + 1)).stream())
                    .findFirst();
            case AuthenticationResults.Parse.Malformed ignored -> Optional.empty();
        };
    }

    private Optional<DomainName> author() {
        return original.map(AuthorDomain::of).flatMap(AuthorDomain::one);
    }

    private Optional<InetAddress> source() throws Unusable {
        String text = only("Source-IP");
        // Some write it as an address literal of SMTP, or a name in front.
        String address = text.replaceFirst("^.*\\[", "").replaceFirst("(?i)^IPv6:", "").replaceFirst("\\].*$", "").strip();
        if (!address.equals(text)) {
            repaired("Source-IP is \"" + shown(text) + "\"");
        }
        if (address.length() > 45 || address.indexOf('%') >= 0 || !InetAddresses.isInetAddress(address)) {
            repaired(text.isEmpty() ? "no Source-IP" : "Source-IP is no address");
            return Optional.empty();
        }
        return Optional.of(InetAddresses.forString(address));
    }

    private Optional<Instant> arrived() throws Unusable {
        // RFC 5965 §3.2: both are names of the same thing.
        String text = only("Arrival-Date").isEmpty() ? only("Received-Date") : only("Arrival-Date");
        // Zones by name in a comment behind the offset, and double blanks for days of one digit.
        String date = text.replaceAll("\\([^()]*\\)", "").replaceAll("\\s+", " ").strip();
        if (date.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeException e) {
            repaired("Arrival-Date is no date");
            return Optional.empty();
        }
    }

    /** RFC 9991 §4: a list, or the word none. Where there is neither, nothing is told: that is not to have passed. */
    private Optional<Set<Mechanism>> unaligned() throws Unusable {
        Set<Mechanism> unaligned = EnumSet.noneOf(Mechanism.class);
        String text = only("Identity-Alignment").replaceAll("\\([^()]*\\)", "");
        boolean told = false;
        for (String word : Splitter.onPattern("[,; ]").trimResults().omitEmptyStrings().split(text.toLowerCase(Locale.ROOT))) {
            switch (word) {
                case "dkim" -> unaligned.add(Mechanism.DKIM);
                case "spf" -> unaligned.add(Mechanism.SPF);
                case "none" -> told = true;
                default -> repaired("unknown word in Identity-Alignment: " + shown(word));
            }
        }
        if (text.isBlank()) {
            repaired("no Identity-Alignment");
        }
        return told || !unaligned.isEmpty() ? Optional.of(unaligned) : Optional.empty();
    }

    private String envelopeFrom() throws Unusable {
        String address = only("Original-Mail-From").replaceFirst("^.*<", "").replaceFirst(">.*$", "").strip();
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return DomainName.parse(domain).map(DomainName::ascii).orElseGet(() -> ReportText.name(domain));
    }

    /** RFC 5965 §3.2: absent, it is one. */
    private long incidents() throws Unusable {
        String text = only("Incidents");
        if (text.isEmpty()) {
            return 1;
        }
        if (text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9') || Long.parseLong(text) == 0) {
            throw new Unusable(Reason.BAD_VALUE, "Incidents: found \"" + shown(text) + "\", expected a number");
        }
        return Long.parseLong(text);
    }

    /** The one value of a field; an empty text where it is missing. Two of them may say the same thing twice. */
    private String only(String name) throws Unusable {
        List<String> values = report.all(name).stream().map(HeaderField::unfolded).distinct().toList();
        if (values.size() > 1) {
            throw new Unusable(Reason.REPEATED, "more than one " + name);
        }
        return values.isEmpty() ? "" : values.getFirst();
    }

    private void repaired(String what) {
        if (repairs.size() < MAX_REPAIRS) {
            repairs.add(ReportMail.line(what));
        }
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** The fields up to the first empty line; lines may end as lines of text do. */
    private static HeaderBlock fields(byte[] part) {
        String text = new String(part, StandardCharsets.ISO_8859_1).replaceFirst("^\\s+", "").replaceAll("\r?\n", "\r\n");
        int end = text.indexOf("\r\n\r\n");
        byte[] block = (end < 0 ? text : text.substring(0, end)).getBytes(StandardCharsets.ISO_8859_1);
        return HeaderBlock.parse(block, block.length, LIMITS);
    }
}
