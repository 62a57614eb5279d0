// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dns.DomainName;

import java.time.Instant;

/** An aggregate report as it is sent: gzipped XML and what its mail says about it. */
public final class ReportFile {

    private final DomainName receiver;
    private final PublishedPolicy policy;
    private final ReportMetadata metadata;
    private final int rows;
    private final long messages;
    private final byte[] gzip;

    ReportFile(DomainName receiver, PublishedPolicy policy, ReportMetadata metadata, int rows, long messages, byte[] gzip) {
        this.receiver = receiver;
        this.policy = policy;
        this.metadata = metadata;
        this.rows = rows;
        this.messages = messages;
        this.gzip = gzip;
    }

    /** The same each time that the same report is written. */
    public String reportId() {
        return metadata.reportId();
    }

    public PublishedPolicy policy() {
        return policy;
    }

    public int rows() {
        return rows;
    }

    /** How many messages its rows stand for. */
    public long messages() {
        return messages;
    }

    /** The file. */
    public byte[] gzip() {
        return gzip.clone();
    }

    /** Its name (RFC 9990 §3.5.2), with the Report-ID as unique-id. */
    public String name() {
        return String.join(
                        "!",
                        receiver.ascii(),
                        policy.domain().ascii(),
                        Long.toString(metadata.begin().getEpochSecond()),
                        Long.toString(metadata.end().getEpochSecond()),
                        metadata.reportId())
                + ".xml.gz";
    }

    /** The subject of its mail (RFC 9990 §3.5.2), on one line. */
    public String subject() {
        return "Report Domain: " + policy.domain() + " Submitter: " + receiver + " Report-ID: <" + metadata.reportId() + ">";
    }

    /**
     * The mail that brings it, unsigned: it must pass DMARC, so somebody has to sign it for the domain of {@code from}.
     *
     * @param from an address that may bounce into nothing, or be read: not to be answered by a machine
     */
    public byte[] mail(String from, String to, Instant date) {
        String text = "This is a DMARC aggregate report of " + receiver + " about mail from " + policy.domain() + " and domains below it,\r\n"
                + "for " + metadata.begin() + " to " + metadata.end() + ".\r\nMessages: " + messages + ", rows: " + rows + ".\r\n"
                + (metadata.email().isEmpty() ? "" : "Questions: " + ReportMail.line(metadata.email()) + "\r\n");
        return new ReportMail(from, to, subject(), date, metadata.reportId(), receiver)
                .mixed(text)
                .attachment("application/gzip", name(), gzip)
                .bytes();
    }
}
