// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.PublicSuffixFlag;

import java.util.List;
import java.util.Locale;

/** The two kinds of report, each with its own tag in a DMARC record. */
public enum ReportKind {
    /** rua. */
    AGGREGATE("rua"),
    /** ruf. */
    FAILURE("ruf");

    private final String tag;

    ReportKind(String tag) {
        this.tag = tag;
    }

    /**
     * Whether a mail is a report of either kind, as far as its header tells; a guess, which a stranger may lead astray.
     *
     * @param subject of the mail, empty for none. RFC 9990 §3.5.2: "Report Domain: example.com Submitter: ..."
     * @param contentType of the mail, empty for none. RFC 5965 §2: multipart/report; report-type=feedback-report
     */
    public static boolean isReport(String subject, String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return subject.strip().toLowerCase(Locale.ROOT).startsWith("report domain:")
                || (type.startsWith("multipart/report") && type.contains("feedback-report"));
    }

    /** The name of the tag. */
    public String tag() {
        return tag;
    }

    /** Where a record wants reports of this kind to go. */
    public List<String> uris(DmarcRecord record) {
        return switch (this) {
            case AGGREGATE -> record.aggregateReportUris();
            // RFC 9991 §2: "MUST NOT consider ruf tags in DMARC Policy Records having a psd=y tag".
            case FAILURE -> record.psd() == PublicSuffixFlag.YES ? List.of() : record.failureReportUris();
        };
    }
}
