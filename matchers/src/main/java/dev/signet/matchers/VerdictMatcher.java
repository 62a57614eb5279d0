// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.inbound.Verdict;
import org.apache.james.core.MailAddress;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;
import org.apache.mailet.base.GenericMatcher;

import jakarta.mail.MessagingException;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Matches all recipients of a mail whose result of one method is one of those that the condition names.
 *
 * @param <R> the results of the method
 */
abstract class VerdictMatcher<R extends Enum<R>> extends GenericMatcher {

    private static final AttributeName VERDICT = AttributeName.of(Verdict.ATTRIBUTE);

    private final Class<R> results;
    private Set<R> wanted = Set.of();

    VerdictMatcher(Class<R> results) {
        this.results = results;
    }

    /** What the method says about a message. */
    abstract Optional<R> resultOf(Verdict verdict);

    /** Whether a mail without a verdict, or whose verdict has no such result, matches. */
    boolean matchesUnknown() {
        return false;
    }

    /** The part of the condition that lists results. */
    String listOf(String condition) {
        return condition;
    }

    /** @throws MessagingException for a condition that is no list of results */
    @Override
    public void init() throws MessagingException {
        String condition = Optional.ofNullable(getCondition()).orElse("");
        Set<R> named = EnumSet.noneOf(results);
        for (String word : listOf(condition).split(",", -1)) {
            try {
                named.add(Enum.valueOf(results, word.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new MessagingException("matcher " + getMatcherName() + ": found condition \"" + condition
                        + "\", expected one or more of " + words() + ", with commas between them", e);
            }
        }
        wanted = Set.copyOf(named);
    }

    @Override
    public Collection<MailAddress> match(Mail mail) {
        boolean matches = verdictOf(mail).flatMap(this::resultOf).map(wanted::contains).orElseGet(this::matchesUnknown);
        return matches ? mail.getRecipients() : List.of();
    }

    /** All recipients of a mail, or none: for one without a verdict, and where its verdict is another. */
    static Collection<MailAddress> recipientsWhere(Mail mail, Predicate<Verdict> wanted) {
        return verdictOf(mail).filter(wanted).map(verdict -> mail.getRecipients()).orElse(List.of());
    }

    private static Optional<Verdict> verdictOf(Mail mail) {
        return AttributeUtils.getValueAndCastFromMail(mail, VERDICT, String.class).flatMap(Verdict::fromJson);
    }

    private String words() {
        return Arrays.stream(results.getEnumConstants())
                .map(result -> result.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
