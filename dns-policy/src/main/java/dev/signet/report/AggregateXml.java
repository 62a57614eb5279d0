// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.net.InetAddresses;
import dev.signet.dmarc.AlignmentMode;
import dev.signet.dmarc.OverrideReason;
import dev.signet.spf.SpfIdentity;

import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes the XML of an aggregate report piece by piece: {@link #begin}, any number of {@link #row}, {@link #end}. Each piece is in
 * the stream when its method returns.
 */
final class AggregateXml {

    static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private final XMLStreamWriter xml;
    private final ReportFormat format;

    AggregateXml(OutputStream out, ReportFormat format) throws XMLStreamException {
        // The JDK's own, whatever else is on the class path of James.
        this.xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
        this.format = format;
    }

    void begin(ReportMetadata metadata, PublishedPolicy policy) throws XMLStreamException {
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        line();
        xml.writeStartElement("feedback");
        if (format == ReportFormat.RFC9990) {
            xml.writeDefaultNamespace(NAMESPACE);
        }
        // RFC 7489's schema has a namespace for the root element alone. Nobody writes it, and parsers stumble over it.
        line();
        text("version", "1.0");
        line();
        metadata(metadata);
        line();
        policy(policy);
        xml.flush();
    }

    // RFC 9990 §3.1.1.3; RFC 7489 has no generator.
    private void metadata(ReportMetadata metadata) throws XMLStreamException {
        xml.writeStartElement("report_metadata");
        text("org_name", metadata.organization());
        text("email", metadata.email());
        textIfAny("extra_contact_info", metadata.extraContact());
        text("report_id", metadata.reportId());
        xml.writeStartElement("date_range");
        text("begin", Long.toString(metadata.begin().getEpochSecond()));
        text("end", Long.toString(metadata.end().getEpochSecond()));
        xml.writeEndElement();
        textIfAny("error", metadata.error());
        if (format == ReportFormat.RFC9990) {
            textIfAny("generator", metadata.generator());
        }
        xml.writeEndElement();
    }

    private void policy(PublishedPolicy policy) throws XMLStreamException {
        xml.writeStartElement("policy_published");
        text("domain", policy.domain().ascii());
        switch (format) {
            // RFC 9990 §3.1.1.5, in the order of its table.
            case RFC9990 -> {
                if (policy.discovery().isPresent()) {
                    text("discovery_method", policy.discovery().get().word());
                }
                text("p", policy.policy().word());
                text("sp", policy.subdomainPolicy().word());
                text("np", policy.absentSubdomainPolicy().word());
                text("fo", policy.failureOptions());
                text("adkim", word(policy.dkimAlignment()));
                text("aspf", word(policy.spfAlignment()));
                text("testing", policy.testing() ? "y" : "n");
            }
            // RFC 7489 Appendix C, PolicyPublishedType.
            case RFC7489 -> {
                text("adkim", word(policy.dkimAlignment()));
                text("aspf", word(policy.spfAlignment()));
                text("p", policy.policy().word());
                text("sp", policy.subdomainPolicy().word());
                text("pct", Integer.toString(policy.percent()));
                text("fo", policy.failureOptions());
            }
        }
        xml.writeEndElement();
    }

    void row(ReportRow row) throws XMLStreamException {
        Observation seen = row.observation();
        line();
        xml.writeStartElement("record");
        xml.writeStartElement("row");
        text("source_ip", word(seen.source()));
        text("count", Long.toString(row.count()));
        xml.writeStartElement("policy_evaluated");
        text("disposition", word(seen.action()));
        text("dkim", seen.dkimAligned() ? "pass" : "fail");
        text("spf", seen.spfAligned() ? "pass" : "fail");
        for (OverrideReason reason : seen.reasons()) {
            reason(reason);
        }
        xml.writeEndElement();
        xml.writeEndElement();
        identifiers(seen);
        xml.writeStartElement("auth_results");
        for (DkimOutcome dkim : seen.dkim()) {
            dkim(dkim);
        }
        spf(seen);
        xml.writeEndElement();
        xml.writeEndElement();
        xml.flush();
    }

    private void identifiers(Observation seen) throws XMLStreamException {
        xml.writeStartElement("identifiers");
        switch (format) {
            case RFC9990 -> {
                text("header_from", seen.headerFrom());
                if (seen.envelopeFrom().isPresent()) {
                    text("envelope_from", seen.envelopeFrom().get());
                }
                textIfAny("envelope_to", seen.envelopeTo().orElse(""));
            }
            // RFC 7489 Appendix C, IdentifierType: envelope_from is required.
            case RFC7489 -> {
                textIfAny("envelope_to", seen.envelopeTo().orElse(""));
                text("envelope_from", seen.envelopeFrom().orElse(""));
                text("header_from", seen.headerFrom());
            }
        }
        xml.writeEndElement();
    }

    private void dkim(DkimOutcome dkim) throws XMLStreamException {
        xml.writeStartElement("dkim");
        text("domain", dkim.domain());
        text("selector", dkim.selector());
        text("result", dkim.state().toString());
        textIfAny("human_result", dkim.comment());
        xml.writeEndElement();
    }

    private void spf(Observation seen) throws XMLStreamException {
        if (seen.spf().isPresent()) {
            SpfOutcome spf = seen.spf().get();
            // RFC 9990 §3.1.1.13: "The only valid value for the scope element is mfrom", also where the HELO name stood in.
            String scope = format == ReportFormat.RFC7489 && spf.identity() == SpfIdentity.HELO ? "helo" : "mfrom";
            spf(spf.domain(), scope, spf.state().word(), spf.comment());
        } else if (format == ReportFormat.RFC7489) {
            // Appendix C, AuthResultType: "There will always be at least one SPF result."
            spf("", "mfrom", "none", "");
        }
    }

    private void spf(String domain, String scope, String result, String comment) throws XMLStreamException {
        xml.writeStartElement("spf");
        text("domain", domain);
        text("scope", scope);
        text("result", result);
        // RFC 7489 Appendix C, SPFAuthResultType, has none.
        textIfAny("human_result", format == ReportFormat.RFC7489 ? "" : comment);
        xml.writeEndElement();
    }

    private void reason(OverrideReason reason) throws XMLStreamException {
        // Each document lacks one word of the other's.
        boolean known = switch (reason.type()) {
            case SAMPLED_OUT -> format == ReportFormat.RFC7489;
            case POLICY_TEST_MODE -> format == ReportFormat.RFC9990;
            case LOCAL_POLICY, MAILING_LIST, OTHER, TRUSTED_FORWARDER -> true;
        };
        xml.writeStartElement("reason");
        text("type", known ? reason.type().word() : OverrideReason.Type.OTHER.word());
        textIfAny("comment", known ? reason.comment() : reason.type().word() + ": " + reason.comment());
        xml.writeEndElement();
    }

    void end() throws XMLStreamException {
        line();
        xml.writeEndElement();
        line();
        xml.writeEndDocument();
        xml.flush();
    }

    private String word(InetAddress address) {
        return switch (format) {
            case RFC9990 -> InetAddresses.toAddrString(address);
            // RFC 7489 Appendix C, IPAddress: all eight groups, as the JDK has them, and no interface behind them.
            case RFC7489 -> address.getHostAddress().replaceFirst("%.*$", "");
        };
    }

    // RFC 7489 Appendix C, DispositionType, has no pass.
    private String word(ActionTaken action) {
        return action == ActionTaken.PASS && format == ReportFormat.RFC7489 ? ActionTaken.NONE.word() : action.word();
    }

    private static String word(AlignmentMode mode) {
        return mode.name().substring(0, 1).toLowerCase(Locale.ROOT);
    }

    private void textIfAny(String name, String text) throws XMLStreamException {
        if (!text.isEmpty()) {
            text(name, text);
        }
    }

    private void text(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(ReportText.xml(text));
        xml.writeEndElement();
    }

    // One line a record: for people who look at it, and as good as none once compressed.
    private void line() throws XMLStreamException {
        xml.writeCharacters("\n");
    }
}
