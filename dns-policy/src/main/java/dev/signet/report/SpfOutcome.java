// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import com.google.common.base.Splitter;
import dev.signet.spf.SpfIdentity;
import dev.signet.spf.SpfResult;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What SPF said, as a report tells it.
 *
 * @param domain that was asked about; in reports of others whatever they wrote
 * @param identity where the domain stood. RFC 9990 knows MAIL FROM alone, for which the HELO name stands in where it is null
 * @param comment for humans; empty for none
 */
public record SpfOutcome(String domain, SpfIdentity identity, SpfResult.State state, String comment) {

    private static final Splitter BETWEEN_WORDS = Splitter.on(Pattern.compile("%[0-9a-f]{2}|[^\\p{L}\\p{N}]")).omitEmptyStrings();

    /** Empty where there was no domain to ask about. */
    static Optional<SpfOutcome> of(SpfResult result, boolean nullSender) {
        if (result.domain() == null) {
            return Optional.empty();
        }
        String comment = result.state() == SpfResult.State.PASS || tellsSender(result) ? "" : ReportText.comment(result.reason());
        SpfIdentity identity = nullSender ? SpfIdentity.HELO : SpfIdentity.MAIL_FROM;
        return Optional.of(new SpfOutcome(result.domain().ascii(), identity, result.state(), comment));
    }

    /**
     * Whether the reason may name a domain into which a macro of the record has put the local part of the sender (RFC 7208 §7), or pieces
     * of it: it is nobody's business, and there would be a row of the report for each.
     */
    private static boolean tellsSender(SpfResult result) {
        int at = Math.max(0, result.sender().lastIndexOf('@'));
        Set<String> local = words(result.sender().substring(0, at));
        return words(result.reason()).stream().anyMatch(local::contains);
    }

    /** What the delimiters of macros, and the escapes of their upper case letters, leave whole. */
    private static Set<String> words(String text) {
        return Set.copyOf(BETWEEN_WORDS.splitToList(text.toLowerCase(Locale.ROOT)));
    }
}
