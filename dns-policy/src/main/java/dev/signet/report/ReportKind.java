// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dmarc.DmarcRecord;
import dev.signet.dmarc.PublicSuffixFlag;

import java.util.List;

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
