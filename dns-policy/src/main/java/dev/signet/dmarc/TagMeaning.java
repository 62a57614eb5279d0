// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

import java.util.stream.Collectors;

/** What the tags of a record come to, in words: what counts, also where the published value is broken or a default stands in. */
final class TagMeaning {

    private TagMeaning() {}

    /** @param tag in lower case */
    static String of(String tag, DmarcRecord record) {
        return switch (tag) {
            case "v" -> "a DMARC record";
            case "p" -> "failing mail of this domain itself: " + record.policy().word();
            case "sp" -> "of a domain below it that exists: " + record.subdomainPolicy(true).word();
            case "np" -> "of a domain below it that does not exist: " + record.subdomainPolicy(false).word();
            case "psd" -> switch (record.psd()) {
                case YES -> "a public suffix: others register domains below it";
                case NO -> "the organizational domain of all below it";
                case UNDECLARED -> "the walk finds out the organizational domain";
            };
            case "t" -> record.testing() ? "testing: receivers go one level below the policy" : "not testing";
            case "adkim" -> "d= must be " + meaning(record.dkimAlignment());
            case "aspf" -> "the domain of MAIL FROM must be " + meaning(record.spfAlignment());
            case "rua" -> record.aggregateReportUris().isEmpty() ? "no aggregate reports" : "aggregate reports go here";
            case "ruf" -> record.failureReportUris().isEmpty() ? "no failure reports" : "failure reports go here";
            case "fo" -> record.failureReportUris().isEmpty()
                    ? "means nothing without ruf"
                    : "failure reports " + record.failureOptions().stream().map(TagMeaning::meaning).collect(Collectors.joining(", "));
            case "pct" -> "asked for on " + record.percent() + "% of failing mail (RFC 7489; RFC 9989 dropped it)";
            case "rf" -> "ignored (RFC 9989 dropped it)";
            case "ri" -> "every " + record.reportInterval() + " seconds, ignored (RFC 9989 dropped it)";
            default -> "no DMARC tag: ignored";
        };
    }

    private static String meaning(AlignmentMode mode) {
        return switch (mode) {
            case RELAXED -> "of the author's organization";
            case STRICT -> "the author's domain itself";
        };
    }

    private static String meaning(FailureOption option) {
        return switch (option) {
            case ALL -> "when neither SPF nor DKIM is aligned";
            case ANY -> "when one of SPF and DKIM is not aligned";
            case DKIM -> "when a signature fails";
            case SPF -> "when SPF fails";
        };
    }
}
