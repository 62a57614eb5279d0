// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Every domain that some reader may take From fields to name, for outcomes that must fail safe. */
final class CandidateDomains {

    /** How many are listed: a field with more is not read by anybody, it is aimed at somebody. */
    static final int MAX = 10;

    // The bound on work: at signs looked behind in one reading of one field.
    private static final int MAX_TRIES = 200;
    private static final int MAX_NAME = 1024;

    private CandidateDomains() {}

    /** @param bodies of From fields; the first ten are looked at */
    static List<DomainName> of(List<String> bodies) {
        Set<DomainName> domains = new LinkedHashSet<>();
        for (String body : bodies.subList(0, Math.min(bodies.size(), MAX))) {
            switch (MailboxList.parse(body)) {
                case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> mailboxes.forEach(mailbox -> domains.add(mailbox.domain()));
                case MailboxList.Parse.Malformed malformed -> LooseReadings.of(body).forEach(reading -> add(domains, reading));
            }
        }
        return domains.stream().limit(MAX).toList();
    }

    /** Whatever stands behind an {@code @}. */
    private static void add(Set<DomainName> domains, String text) {
        int at = text.indexOf('@');
        for (int tries = 0; at >= 0 && tries < MAX_TRIES && domains.size() < MAX; tries++) {
            int start = at + 1;
            while (start < text.length() && text.charAt(start) <= ' ') {
                start++;
            }
            int end = start;
            while (end < text.length() && end - start < MAX_NAME && isNameChar(text.charAt(end))) {
                end++;
            }
            String name = text.substring(start, end);
            // What is not UTF-8 may be ISO-8859-1, which it is already in this string.
            MailboxList.hostName(name).or(() -> DomainName.parse(name)).ifPresent(domains::add);
            at = text.indexOf('@', end);
        }
    }

    private static boolean isNameChar(char c) {
        return FieldScanner.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c >= 0x80;
    }
}
