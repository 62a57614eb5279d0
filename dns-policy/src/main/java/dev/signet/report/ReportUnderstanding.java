// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.Disposition;
import dev.signet.dns.DomainName;
import dev.signet.report.ReadReport.Reason;
import dev.signet.spf.SpfIdentity;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Understands the elements of a report, in any order. Lenient about all that a reader can do without, which is noted; strict about
 * who, whose and how many, since a guess there would be counted.
 */
final class ReportUnderstanding {

    private static final Set<String> KNOWN = Set.of("version", "report_metadata", "policy_published", "extension", "record");
    private static final int MAX_REPAIRS = 50;
    // RFC 3339 and others write milliseconds: no report is from after the year 5000.
    private static final long MAX_SECONDS = 100_000_000_000L;
    private static final int TIME_DIGITS = 18;
    // A row stands for the mail of one address in a day. What is larger is made up, to spoil what it is added to.
    private static final int COUNT_DIGITS = 9;
    private static final long MAX_MESSAGES = 1_000_000_000_000L;
    // RFC 9990: "Typically, the reporting period will encompass a single UTC day". With ri of RFC 7489 some asked for more.
    private static final Duration MAX_PERIOD = Duration.ofDays(31);

    private final Set<String> repairs = new LinkedHashSet<>();
    private final ReportWords words = new ReportWords(this::repaired);
    private final List<ReportRow> rows = new ArrayList<>();
    private @Nullable XmlElement metadata;
    private @Nullable XmlElement policy;

    void repaired(String what) {
        if (repairs.size() < MAX_REPAIRS) {
            repairs.add(ReportMail.line(what));
        }
    }

    void namespace(String namespace) {
        // None at all is what RFC 7489's reports have in practice.
        if (!namespace.isEmpty() && !namespace.equals(AggregateXml.NAMESPACE) && !namespace.startsWith("http://dmarc.org/dmarc-xml/0.")) {
            repaired("namespace " + namespace + " taken for that of reports");
        }
    }

    /** Takes a child of the root element. */
    void add(XmlElement element) throws Unusable {
        switch (element.name()) {
            case "report_metadata" -> metadata = only(metadata, element);
            case "policy_published" -> policy = only(policy, element);
            case "record" -> rows.add(row(element));
            default -> {
                if (!KNOWN.contains(element.name())) {
                    repaired("unknown element " + element.name());
                }
            }
        }
    }

    private static XmlElement only(@Nullable XmlElement before, XmlElement element) throws Unusable {
        if (before != null) {
            throw new Unusable(Reason.REPEATED, "more than one " + element.name());
        }
        return element;
    }

    ReadReport result() throws Unusable {
        if (metadata == null) {
            throw new Unusable(Reason.MISSING, "no report_metadata");
        }
        if (policy == null) {
            throw new Unusable(Reason.MISSING, "no policy_published");
        }
        if (rows.isEmpty()) {
            throw new Unusable(Reason.NO_RECORDS, "no record");
        }
        PublishedPolicy published = policy(policy);
        AggregateReport report = new AggregateReport(metadata(metadata), published, rowsAbout(published.domain()));
        if (report.messages() > MAX_MESSAGES) {
            throw new Unusable(Reason.BAD_VALUE, "more messages than there are");
        }
        return new ReadReport.Sound(report, List.copyOf(repairs));
    }

    /** Who is believed about a domain is not believed about others. An empty header_from, which there is in the wild, names none. */
    private List<ReportRow> rowsAbout(DomainName domain) throws Unusable {
        List<ReportRow> about = new ArrayList<>();
        for (ReportRow row : rows) {
            String from = row.observation().headerFrom();
            if (from.isEmpty() || DomainName.parse(from).filter(name -> name.isAtOrBelow(domain)).isPresent()) {
                about.add(row);
            } else {
                repaired("a record about \"" + shown(from) + "\", not below " + domain + ", left out");
            }
        }
        if (about.isEmpty()) {
            throw new Unusable(Reason.BAD_VALUE, "no record is about " + domain + " or what is below it");
        }
        return about;
    }

    private ReportMetadata metadata(XmlElement element) throws Unusable {
        for (String name : List.of("org_name", "email", "report_id")) {
            if (element.textOf(name).isEmpty()) {
                repaired("no " + name);
            }
        }
        XmlElement range = element.get("date_range");
        Instant begin = time(range.get("begin"));
        Instant end = time(range.get("end"));
        if (end.isBefore(begin)) {
            throw new Unusable(Reason.BAD_VALUE, "a period that ends before it begins");
        }
        if (Duration.between(begin, end).compareTo(MAX_PERIOD) > 0) {
            throw new Unusable(Reason.BAD_VALUE, "a period of more than " + MAX_PERIOD.toDays() + " days");
        }
        return new ReportMetadata(
                element.textOf("org_name"),
                element.textOf("email"),
                element.textOf("extra_contact_info"),
                element.textOf("report_id"),
                begin,
                end,
                String.join("; ", element.all("error").stream().map(XmlElement::text).toList()),
                element.textOf("generator"));
    }

    private Instant time(XmlElement element) throws Unusable {
        // Some write a fraction, which is always zero.
        String text = element.text().replaceFirst("\\.0+$", "");
        long seconds = number(element.name(), text, TIME_DIGITS);
        if (seconds > MAX_SECONDS) {
            repaired(element.name() + " in milliseconds");
            seconds /= 1000;
        }
        return Instant.ofEpochSecond(seconds);
    }

    private PublishedPolicy policy(XmlElement element) throws Unusable {
        String domain = element.get("domain").text();
        Disposition policy = words.policy(element.textOf("p"), "p", Disposition.NONE);
        Disposition subdomainPolicy = words.policyOr(element.textOf("sp"), "sp", policy);
        return new PublishedPolicy(
                DomainName.parse(domain).orElseThrow(() -> bad("domain", domain, "a domain name")),
                words.discovery(element.textOf("discovery_method")),
                policy,
                subdomainPolicy,
                words.policyOr(element.textOf("np"), "np", subdomainPolicy),
                words.alignment(element.textOf("adkim"), "adkim"),
                words.alignment(element.textOf("aspf"), "aspf"),
                words.testing(element.textOf("testing")),
                element.textOf("fo").isEmpty() ? "0" : element.textOf("fo"),
                words.percent(element.textOf("pct")));
    }

    private ReportRow row(XmlElement record) throws Unusable {
        XmlElement row = record.get("row");
        XmlElement evaluated = row.get("policy_evaluated");
        // Drafts of RFC 7489 called it identities.
        XmlElement identifiers = record.find("identifiers").isPresent() ? record.get("identifiers") : record.get("identities");
        Optional<XmlElement> results = record.find("auth_results");
        if (results.isEmpty()) {
            repaired("no auth_results in a record");
        }
        String from = identifiers.textOf("header_from");
        if (from.isEmpty()) {
            repaired("no header_from in a record");
        }
        Observation observation = new Observation(
                address(row.get("source_ip").text()),
                words.action(evaluated.get("disposition").text()),
                words.passed(evaluated.textOf("dkim"), "dkim"),
                words.passed(evaluated.textOf("spf"), "spf"),
                evaluated.all("reason").stream().flatMap(reason -> words.reason(reason.textOf("type"), reason.textOf("comment")).stream()).toList(),
                DomainName.parse(from).map(DomainName::ascii).orElse(from),
                identifiers.find("envelope_from").map(XmlElement::text),
                identifiers.find("envelope_to").map(XmlElement::text).filter(text -> !text.isEmpty()),
                results.stream().flatMap(result -> result.all("dkim").stream()).flatMap(dkim -> dkim(dkim).stream()).toList(),
                results.flatMap(result -> spf(result.all("spf"))));
        return new ReportRow(observation, number("count", row.get("count").text(), COUNT_DIGITS));
    }

    /** An empty element stands in some reports where there was no signature. */
    private Optional<DkimOutcome> dkim(XmlElement element) {
        String domain = element.textOf("domain");
        String result = element.textOf("result");
        return domain.isEmpty() && result.isEmpty()
                ? Optional.empty()
                : Optional.of(new DkimOutcome(domain, element.textOf("selector"), words.dkim(result), element.textOf("human_result")));
    }

    private Optional<SpfOutcome> spf(List<XmlElement> elements) {
        if (elements.size() > 1) {
            repaired("several spf in a record: the one of MAIL FROM counts, or the first");
        }
        // RFC 9990 §3.1.1.13 and RFC 9989 §4.4.2: DMARC looks at MAIL FROM alone.
        List<SpfOutcome> outcomes = elements.stream()
                .filter(element -> !element.textOf("domain").isEmpty() || !element.textOf("result").isEmpty())
                .map(element -> new SpfOutcome(
                        element.textOf("domain"),
                        words.scope(element.textOf("scope")),
                        words.spf(element.textOf("result")),
                        element.textOf("human_result")))
                .toList();
        return outcomes.stream()
                .filter(outcome -> outcome.identity() == SpfIdentity.MAIL_FROM)
                .findFirst()
                .or(() -> outcomes.stream().findFirst());
    }

    private static InetAddress address(String text) throws Unusable {
        if (text.length() > 45 || text.indexOf('%') >= 0 || !InetAddresses.isInetAddress(text)) {
            throw bad("source_ip", text, "an IP address");
        }
        return InetAddresses.forString(text);
    }

    private static long number(String name, String text, int maxDigits) throws Unusable {
        if (text.isEmpty() || text.length() > maxDigits || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw bad(name, text, "a number of up to " + maxDigits + " digits");
        }
        return Long.parseLong(text);
    }

    private static Unusable bad(String name, String found, String expected) {
        return new Unusable(Reason.BAD_VALUE, name + ": found \"" + shown(found) + "\", expected " + expected);
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
