// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Every domain that some reader may take From fields to name, for outcomes that must fail safe. */
final class CandidateDomains {

    /** How many are listed: a field with more is not read by anybody, it is aimed at somebody. */
    static final int MAX = 10;

    private static final int MAX_NAME = 1_024;
    // U+FF20 and U+FE6B, which some readers take for the ASCII character, in UTF-8 with one char per byte.
    private static final List<String> WIDE_ATS = List.of("\u00ef\u00bc\u00a0", "\u00ef\u00b9\u00ab");

    private final Set<DomainName> domains = new LinkedHashSet<>();
    private final Set<String> seen = new HashSet<>();
    private boolean complete = true;

    private CandidateDomains() {}

    /**
     * What was found.
     *
     * @param domains in their order, at most {@link #MAX}
     * @param complete false where something stands there that may show a reader some domain, and nobody can say which
     */
    record Found(List<DomainName> domains, boolean complete) {}

    /** @param bodies of From fields; read until enough domains are found, or one that cannot be read */
    static Found of(List<String> bodies) {
        CandidateDomains candidates = new CandidateDomains();
        for (String body : bodies) {
            if (candidates.domains.size() >= MAX || !candidates.complete) {
                break;
            }
            switch (MailboxList.parse(body)) {
                case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> {
                    mailboxes.stream().map(Mailbox::domain).forEach(candidates.domains::add);
                    // "ceo@bank.example":; has no mailbox, and shows one.
                    if (mailboxes.isEmpty()) {
                        candidates.addLoosely(body);
                    }
                }
                case MailboxList.Parse.Malformed malformed -> candidates.addLoosely(body);
            }
        }
        return new Found(candidates.domains.stream().limit(MAX).toList(), candidates.complete);
    }

    private void addLoosely(String body) {
        complete &= !hasOpaqueWord(body);
        for (String reading : LooseReadings.of(withPlainAts(body))) {
            addAll(reading);
        }
    }

    private static String withPlainAts(String text) {
        String plain = text;
        for (String at : WIDE_ATS) {
            plain = plain.replace(at, "@");
        }
        return plain;
    }

    /**
     * Whether there is an encoded word in whose charset an {@code @} is not the byte that it is in ASCII, such as UTF-7 or EBCDIC: {@link
     * LooseReadings} decodes without regard to the charset.
     */
    private static boolean hasOpaqueWord(String text) {
        for (int start = text.indexOf("=?"); start >= 0; start = text.indexOf("=?", start + 2)) {
            int end = text.indexOf('?', start + 2);
            if (end > 0 && !isLikeAscii(text.substring(start + 2, end))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLikeAscii(String charset) {
        // RFC 2231 §5: a language may follow the charset.
        int star = charset.indexOf('*');
        try {
            return new String(new byte[] {'@'}, Charset.forName(star < 0 ? charset : charset.substring(0, star))).equals("@");
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /** Whatever stands behind an {@code @}, or behind a {@code >}: Mime4j takes {@code <a>b.example} for {@code <a@b.example>}. */
    private void addAll(String text) {
        int at = mark(text, 0);
        while (at < text.length() && domains.size() < MAX && complete) {
            int start = at + 1;
            // Also a domain literal's bracket: the name in it is one to who only looks for the @.
            while (start < text.length() && (text.charAt(start) <= ' ' || text.charAt(start) == '[')) {
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

    private void add(String text) {
        String name = withoutEmptyLabels(text);
        if (!name.isEmpty() && seen.add(name)) {
            // What is not UTF-8 may be ISO-8859-1, which it is already in this string.
            Optional<DomainName> domain = MailboxList.hostName(name).or(() -> DomainName.parse(name));
            domain.ifPresent(domains::add);
            // A name in ASCII that is none exists nowhere. What the IDNA library refuses, for an invisible character at its end, say, may
            // look like any name there is.
            complete &= domain.isPresent() || StandardCharsets.US_ASCII.newEncoder().canEncode(name);
        }
    }

    private static String withoutEmptyLabels(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' || (!out.isEmpty() && out.charAt(out.length() - 1) != '.')) {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isNameChar(char c) {
        return FieldScanner.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c >= 0x80;
    }
}
