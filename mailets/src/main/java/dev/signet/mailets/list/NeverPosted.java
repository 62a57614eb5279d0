// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets.list;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderBlock;
import dev.signet.message.HeaderField;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Mail that a list never posts, whoever sent it: what a program sent by itself, and what the list had before. One auto-reply on a
 * list makes the members' machines answer each other.
 */
public final class NeverPosted {

    // "list" is not among them: a list may be a member of another list.
    private static final Set<String> PRECEDENCES = Set.of("bulk", "junk", "auto_reply");

    // Of Exim, and of autoresponders that do not know RFC 3834.
    private static final List<String> SIGNS = List.of(
            "X-Failed-Recipients", "X-Autoreply", "X-AutoReply-From", "X-Autorespond", "X-Autoresponse", "X-Mail-Autoreply");

    private final ListAddress list;
    private final DomainName id;

    /**
     * @param list the list's address, which posts of it carry
     * @param id what stands in their List-Id
     */
    public NeverPosted(ListAddress list, DomainName id) {
        this.list = list;
        this.id = id;
    }

    /**
     * Why a message is not posted; empty for one that may be.
     *
     * @param sender of the envelope, empty for the null sender
     */
    public Optional<String> reason(String sender, HeaderBlock header) {
        // RFC 5321 §4.5.5: notifications of all kinds have the null sender.
        if (sender.isEmpty() || isNull(header)) {
            return Optional.of("a bounce: it has the null sender");
        }
        if (sender.toLowerCase(Locale.ROOT).startsWith("mailer-daemon@")) {
            return Optional.of("a bounce: MAILER-DAEMON sent it");
        }
        // RFC 3834 §5: whatever is not "no" was submitted by a program.
        if (header.all("Auto-Submitted").stream().anyMatch(field -> !firstWord(field).equals("no"))) {
            return Optional.of("an automatic message: Auto-Submitted");
        }
        if (header.all("Precedence").stream().anyMatch(field -> PRECEDENCES.contains(firstWord(field)))) {
            return Optional.of("an automatic message: Precedence");
        }
        Optional<String> sign = SIGNS.stream().filter(name -> header.first(name).isPresent()).findFirst();
        if (sign.isPresent()) {
            return sign.map(name -> "an automatic message: " + name);
        }
        // RFC 6522: delivery reports, read receipts, abuse reports.
        if (header.all("Content-Type").stream().anyMatch(field -> firstWord(field).equals("multipart/report"))) {
            return Optional.of("a report: multipart/report");
        }
        return isOwn(header) ? Optional.of("a loop: the list has posted it before") : Optional.empty();
    }

    private static boolean isNull(HeaderBlock header) {
        return header.all("Return-Path").stream().anyMatch(field -> field.unfolded().equals("<>"));
    }

    private boolean isOwn(HeaderBlock header) {
        return header.all(ListFields.MARKER).stream().anyMatch(field -> ListAddress.parse(field.body()).filter(list::equals).isPresent())
                || header.all("List-Id").stream().anyMatch(field -> id(field).filter(id::equals).isPresent());
    }

    /** RFC 2919 §3: behind whatever words there are. */
    private static Optional<DomainName> id(HeaderField field) {
        String text = field.unfolded();
        int open = text.lastIndexOf('<');
        int close = text.indexOf('>', Math.max(open, 0));
        return open < 0 || close < 0 ? Optional.empty() : DomainName.parse(text.substring(open + 1, close).strip());
    }

    private static String firstWord(HeaderField field) {
        String text = field.unfolded();
        int end = 0;
        while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) != ';' && text.charAt(end) != '(') {
            end++;
        }
        return text.substring(0, end).toLowerCase(Locale.ROOT);
    }
}
