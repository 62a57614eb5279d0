// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of From, Sender and their like: mailboxes and groups of them (RFC 5322 §3.4, RFC 6532, RFC 6854 §2).
 *
 * <p>One grammar, strictly: readers that guess differ, and an attacker picks the two that differ in his favour. Of the
 * obsolete syntax only the dot in a display name is read ({@code John Q. Public}), which is everywhere and means one thing.
 * Refused on purpose: source routes, white space or comments around the dots of an address, lines of white space only, control
 * characters, anything that is not UTF-8, and encoded words within an address (RFC 2047 §5 forbids them; who decodes them sees
 * somebody else's address).
 */
public final class MailboxList {

    // Bounds no honest author reaches.
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int MAX_MAILBOXES = 100;

    /** What reading ends with. */
    public sealed interface Parse {
        /** The mailboxes in their order, those in groups among them; none for an empty group. */
        record Sound(List<Mailbox> mailboxes) implements Parse {
            public Sound {
                mailboxes = List.copyOf(mailboxes);
            }
        }

        /** No list of mailboxes; the reason is for humans. */
        record Malformed(String reason) implements Parse {}
    }

    private final FieldScanner scanner;
    private final List<Mailbox> mailboxes = new ArrayList<>(1);

    private MailboxList(String body) {
        this.scanner = new FieldScanner(body);
    }

    /** Reads the body of a field, one char per byte, as {@link HeaderField#body} gives it. */
    public static Parse parse(String body) {
        if (body.length() > MAX_LENGTH) {
            return new Parse.Malformed("a field of more than " + MAX_LENGTH + " bytes");
        }
        // RFC 6532 §3.1: UTF-8, well-formed. A decoder that recovers from anything else may swallow a quote or a bracket.
        if (Utf8.decode(body).isEmpty()) {
            return new Parse.Malformed("8-bit bytes that are not UTF-8");
        }
        return new MailboxList(body).parse();
    }

    private Parse parse() {
        do {
            address();
        } while (scanner.take(','));
        if (scanner.peek() != FieldScanner.END) {
            scanner.fail("expected ',' " + scanner.whatIsHere());
        }
        String problem = scanner.problem();
        return problem == null ? new Parse.Sound(mailboxes) : new Parse.Malformed(problem);
    }

    // address = mailbox / group; group = display-name ":" [group-list] ";" [CFWS]
    private void address() {
        Words words = words();
        if (!words.isPhrase || !scanner.take(':')) {
            mailbox(words);
            return;
        }
        scanner.skipCfws();
        if (!scanner.take(';')) {
            do {
                mailbox(words());
            } while (scanner.take(','));
            scanner.expect(';');
        }
        scanner.skipCfws();
    }

    // mailbox = [display-name] "<" addr-spec ">" / addr-spec, each with CFWS around it
    private void mailbox(Words words) {
        if (scanner.take('<')) {
            Words local = words();
            addrSpec(words.text.toString(), local);
            scanner.expect('>');
            scanner.skipCfws();
        } else {
            addrSpec("", words);
        }
    }

    // addr-spec = local-part "@" domain
    private void addrSpec(String displayName, Words local) {
        String localPart = local.text.toString();
        if (hasEncodedWord(localPart)) {
            scanner.fail("an encoded word in an address");
        }
        if (!local.isLocalPart) {
            scanner.fail(local.isPhrase ? "words where an address was expected" : "expected an address " + scanner.whatIsHere());
        }
        scanner.expect('@');
        scanner.skipCfws();
        if (scanner.peek() == '[') {
            scanner.fail("a domain literal: no domain name");
        }
        DomainName domain = domain(scanner.run(c -> FieldScanner.isAtext(c) || c == '.'));
        scanner.skipCfws();
        if (mailboxes.size() == MAX_MAILBOXES) {
            scanner.fail("more than " + MAX_MAILBOXES + " mailboxes");
        }
        if (domain != null && scanner.problem() == null) {
            mailboxes.add(new Mailbox(displayName, localPart, domain));
        }
    }

    private @Nullable DomainName domain(String text) {
        Optional<DomainName> domain = hostName(text);
        if (domain.isEmpty()) {
            scanner.fail(text.isEmpty() ? "expected a domain " + scanner.whatIsHere() : "not the name of a domain");
        }
        return domain.orElse(null);
    }

    /**
     * A domain that can stand behind an {@code @}: letters, digits, hyphens and, for what exists, underscores. A dot at the end
     * is outside the grammar, but every reader takes it for the same domain.
     */
    static Optional<DomainName> hostName(String bytes) {
        return Utf8.decode(bytes)
                .flatMap(DomainName::parse)
                .filter(name -> isHostName(name.ascii()));
    }

    private static boolean isHostName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!FieldScanner.isLetterOrDigit(c) && c != '-' && c != '.' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** What stands before {@code <}, {@code :} or {@code @}: only then it is known what it is. */
    private static final class Words {
        private final StringBuilder text = new StringBuilder();
        private boolean isPhrase;
        private boolean isQuoted;
        private boolean isLocalPart;

        void add(boolean spaced, String word) {
            text.append(spaced && !text.isEmpty() ? " " : "").append(word);
        }
    }

    // phrase = word *(word / "." / CFWS); local-part = dot-atom / quoted-string
    private Words words() {
        Words words = new Words();
        scanner.skipCfws();
        boolean afterWord = false;
        boolean spaced = false;
        while (true) {
            int c = scanner.peek();
            boolean first = !words.isPhrase;
            if (c == '"') {
                words.add(spaced, scanner.quotedString());
                // A local part is one quoted string, or atoms with dots between them and nothing else.
                words.isLocalPart = first;
                words.isQuoted = true;
                words.isPhrase = true;
                afterWord = true;
            } else if (c == '.' && !first) {
                scanner.take('.');
                words.add(spaced, ".");
                words.isLocalPart = words.isLocalPart && !spaced && afterWord && !words.isQuoted;
                afterWord = false;
            } else if (FieldScanner.isAtext(c)) {
                words.add(spaced, scanner.run(FieldScanner::isAtext));
                words.isLocalPart = first || (words.isLocalPart && !spaced && !afterWord);
                words.isPhrase = true;
                afterWord = true;
            } else {
                words.isLocalPart = words.isLocalPart && afterWord;
                return words;
            }
            int before = scanner.position();
            scanner.skipCfws();
            spaced = scanner.position() > before;
        }
    }

    private static boolean hasEncodedWord(String text) {
        return text.contains("=?") && text.contains("?=");
    }
}
