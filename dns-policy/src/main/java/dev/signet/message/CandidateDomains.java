// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every domain that some reader may take From fields to name, for outcomes that must fail safe. */
final class CandidateDomains {

    /** How many are listed: a field with more is not read by anybody, it is aimed at somebody. */
    static final int MAX = 10;

    // Names in ASCII are looked at all, however many decoys stand before the last. Others cost the IDNA library's time, and
    // those that it refuses could be any number.
    private static final int MAX_REFUSED = 1_000;
    private static final int MAX_NAME = 1_024;

    private final Set<DomainName> domains = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();
    private int refused;

    private CandidateDomains() {}

    /** @param bodies of From fields; read until enough domains are found */
    static List<DomainName> of(List<String> bodies) {
        CandidateDomains candidates = new CandidateDomains();
        for (String body : bodies) {
            if (candidates.domains.size() >= MAX) {
                break;
            }
            switch (MailboxList.parse(body)) {
                case MailboxList.Parse.Sound(List<Mailbox> mailboxes) ->
                        mailboxes.stream().map(Mailbox::domain).forEach(candidates.domains::add);
                case MailboxList.Parse.Malformed malformed -> LooseReadings.of(body).forEach(candidates::addAll);
            }
        }
        return candidates.domains.stream().limit(MAX).toList();
    }

    /** Whatever stands behind an {@code @}, or behind a {@code >}: Mime4j takes {@code <a>b.example} for {@code <a@b.example>}. */
    private void addAll(String text) {
        int at = mark(text, 0);
        while (at < text.length() && domains.size() < MAX) {
            int start = at + 1;
            while (start < text.length() && text.charAt(start) <= ' ') {
                start++;
            }
            int end = start;
            while (end < text.length() && end - start < MAX_NAME && isNameChar(text.charAt(end))) {
                end++;
            }
            add(text.substring(start, end));
            at = mark(text, end);
        }
    }

    private static int mark(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '@' && text.charAt(at) != '>') {
            at++;
        }
        return at;
    }

    private void add(String name) {
        if (refused >= MAX_REFUSED && name.chars().anyMatch(c -> c >= 0x80)) {
            return;
        }
        if (!name.isEmpty() && seen.add(name)) {
            // What is not UTF-8 may be ISO-8859-1, which it is already in this string.
            Optional<DomainName> domain = MailboxList.hostName(name).or(() -> DomainName.parse(name));
            domain.ifPresentOrElse(domains::add, () -> refused++);
        }
    }

    private static boolean isNameChar(char c) {
        return FieldScanner.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c >= 0x80;
    }
}
