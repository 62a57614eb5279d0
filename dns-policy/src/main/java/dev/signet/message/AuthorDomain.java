// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The domain that a message says it is from: what DMARC protects. Exactly one, or a reason why there is not; never a guess and
 * never another field instead (RFC 5322 §3.6.2, RFC 9989 §5.3.1).
 */
public sealed interface AuthorDomain {

    /**
     * One From field with one author domain.
     *
     * @param address of the first mailbox, one char per byte; several mailboxes of one domain are one author domain
     */
    record One(DomainName domain, String address) implements AuthorDomain {}

    /** Nobody: no From field, or one that holds an empty group and no mailbox. */
    record None(String reason) implements AuthorDomain {}

    /**
     * Too many: several From fields, even equal ones, or mailboxes of several domains.
     *
     * @param domains all that any of them could be taken for, in their order, at most ten
     * @param complete false where one of them may show a domain of which nobody can say which it is
     */
    record Several(List<DomainName> domains, boolean complete, String reason) implements AuthorDomain {
        public Several {
            domains = List.copyOf(domains);
        }
    }

    /**
     * A From field that two readers could read differently.
     *
     * @param candidates every domain that some reader may see in it, at most ten: to fail safe, treat the
     *     message as from each of them
     * @param complete false where it may show a domain of which nobody can say which it is, such as one with invisible characters
     */
    record Unparsable(String reason, List<DomainName> candidates, boolean complete) implements AuthorDomain {
        public Unparsable {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * A header block over its limits: the From field that a reader sees may be in the part that was not read.
     *
     * @param reason which limit
     */
    record Unread(String reason) implements AuthorDomain {}

    /** The one author domain, where there is exactly one. */
    default Optional<DomainName> one() {
        return this instanceof One one ? Optional.of(one.domain()) : Optional.empty();
    }

    /** Finds the author domain of a message. Total: whatever the header block is, there is an answer. */
    static AuthorDomain of(HeaderBlock header) {
        if (header.overLimit().isPresent()) {
            return new Unread(header.overLimit().get());
        }
        List<String> from = new ArrayList<>(1);
        header.all("From").forEach(field -> from.add(field.body()));
        List<String> hidden = new ArrayList<>(0);
        header.fields().forEach(field -> hidden.addAll(HiddenFields.find(field, "From")));
        if (!hidden.isEmpty()) {
            from.addAll(hidden);
            return unparsable("a From field that only some readers see", from);
        }
        // The fields are counted before any of them is read: CVE-2019-16378, CVE-2021-34555.
        return switch (from.size()) {
            case 0 -> new None("no From field");
            case 1 -> of(from.getFirst());
            default -> {
                CandidateDomains.Found found = CandidateDomains.of(from);
                yield new Several(found.domains(), found.complete(), from.size() + " From fields");
            }
        };
    }

    private static Unparsable unparsable(String reason, List<String> bodies) {
        CandidateDomains.Found found = CandidateDomains.of(bodies);
        return new Unparsable(reason, found.domains(), found.complete());
    }

    private static AuthorDomain of(String body) {
        return switch (MailboxList.parse(body)) {
            case MailboxList.Parse.Malformed(String reason) -> unparsable(reason, List.of(body));
            case MailboxList.Parse.Sound(List<Mailbox> mailboxes) -> {
                List<DomainName> domains = different(mailboxes);
                yield switch (domains.size()) {
                    case 0 -> {
                        Unparsable shown = unparsable("no mailbox in From, and something that looks like one", List.of(body));
                        yield shown.candidates().isEmpty() && shown.complete() ? new None("no mailbox in From") : shown;
                    }
                    case 1 -> new One(domains.getFirst(), mailboxes.getFirst().address());
                    default -> new Several(domains, true, "several author domains");
                };
            }
        };
    }

    private static List<DomainName> different(List<Mailbox> mailboxes) {
        List<DomainName> different = new ArrayList<>(1);
        for (Mailbox mailbox : mailboxes) {
            if (different.size() < CandidateDomains.MAX && !different.contains(mailbox.domain())) {
                different.add(mailbox.domain());
            }
        }
        return different;
    }
}
