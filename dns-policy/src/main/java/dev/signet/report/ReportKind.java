// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.PublicSuffixFlag;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The two kinds of report, each with its own tag in a DMARC record. */
public enum ReportKind {
    /** rua. */
    AGGREGATE("rua"),
    /** ruf. */
    FAILURE("ruf");

    private static final Pattern SUBJECT = Pattern.compile("(?:^|\\s)report\\s+domain:", Pattern.CASE_INSENSITIVE);

    // Names and numbers of bounded length: a stranger's field may be as long as a header, and is read once.
    private static final Pattern FILE_NAME = Pattern.compile(
            "[\\s;]name=\"?[^\\s\";!]{1,253}![^\\s\";!]{1,253}!\\d{1,12}!\\d{1,12}(?:![^\\s\";!]{1,253})?\\.(?:xml|xml\\.gz|zip)(?:[\\s\";]|$)");

    private final String tag;

    ReportKind(String tag) {
        this.tag = tag;
    }

    /**
     * Whether a mail is a report of either kind, as far as its header tells; a guess, which a stranger may lead astray.
     *
     * @param subject of the mail, folded or not, empty for none. RFC 9990 §3.5.2: "Report Domain: example.com Submitter: ...", with
     *     any white space between the words; who passes a report on may write something in front
     * @param contentType of the mail, folded or not, empty for none. RFC 5965 §2: multipart/report; report-type=feedback-report. RFC
     *     9990 §3.5.2: the name of a file, where the mail is nothing but the file
     */
    public static boolean isReport(String subject, String contentType) {
        String type = contentType.strip().toLowerCase(Locale.ROOT);
        // Every mail is asked, and most have neither: the search for one character costs nothing beside a pattern's.
        return (subject.indexOf(':') >= 0 && SUBJECT.matcher(subject).find())
                || (type.startsWith("multipart/report") && type.contains("feedback-report"))
                || (type.indexOf('!') >= 0 && FILE_NAME.matcher(type).find());
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
