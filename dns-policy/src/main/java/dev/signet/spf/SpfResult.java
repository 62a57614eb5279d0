// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import dev.signet.message.Utf8;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What SPF says about one identity of one connection.
 *
 * @param identity which identity was checked
 * @param sender whom the domain was asked about, as it came: MAIL FROM, or postmaster at the HELO name
 * @param domain the domain that was checked; null where the identity has none that could be
 * @param mechanism the directive of that domain's record (or of the record it redirects to) that matched, as written but cut
 *     to 255 characters; null where none did
 * @param recordDomain where the deciding record stands: {@code domain}, or the target of its redirect; null without a record
 * @param lookups how many of the ten terms that cause DNS queries were used (RFC 7208 §4.6.4)
 * @param explanation the domain's own words for a fail, a stranger's text in printable ASCII that is not to be shown without
 *     saying so, see {@link #domainsWords}; null where it gives none or they were not asked for
 * @param reason for humans, printable ASCII
 * @param trace how the result came about
 */
public record SpfResult(
        State state,
        SpfIdentity identity,
        String sender,
        @Nullable DomainName domain,
        @Nullable String mechanism,
        @Nullable DomainName recordDomain,
        int lookups,
        @Nullable String explanation,
        String reason,
        SpfStep trace) {

    /** The results of RFC 7208 §2.6. */
    public enum State {
        /** No domain to check, or it publishes no record. */
        NONE,
        /** The domain says nothing about this client. */
        NEUTRAL,
        /** The client may use the domain. */
        PASS,
        /** The client may not use the domain. */
        FAIL,
        /** The client probably may not use the domain. */
        SOFTFAIL,
        /** The DNS gave no answer; a later try may have another result. */
        TEMPERROR,
        /** What the domain publishes cannot be evaluated; somebody has to repair it. */
        PERMERROR;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** The word of RFC 7208, as it stands in header fields. */
        public String word() {
            return word;
        }
    }

    /** The explanation as it is to be shown: RFC 7208 §6.2 and §11.5.2 want it to be clear that the words are not ours. */
    public Optional<String> domainsWords() {
        return Optional.ofNullable(explanation).map(words -> recordDomain + " explains: " + words);
    }

    /**
     * What to answer where the check itself failed. Not a temperror: whatever was too much for it would be so again, and who made it
     * so must not look like somebody whose DNS is down.
     */
    public static SpfResult surprised(SpfRequest request, SpfIdentity identity, String reason) {
        SpfStep trace = new SpfStep("surprise", State.PERMERROR.word(), 0, List.of());
        return new SpfResult(State.PERMERROR, identity, Sender.of(request, identity).toString(), null, null, null, 0, null, reason, trace);
    }

    /** As Authentication-Results says it (RFC 8601 §2.7.2). */
    public MethodResult methodResult() {
        MethodResult result = MethodResult.of("spf", state.word());
        if (domainsWords().isPresent()) {
            result = result.withComment(domainsWords().get());
        }
        if (state != State.PASS) {
            result = result.withReason(reason);
        }
        return switch (identity) {
            case MAIL_FROM -> result.withProperty(PropertyType.SMTP, "mailfrom", Utf8.encode(sender));
            // The property is the HELO name alone: the local-part is always postmaster.
            case HELO -> result.withProperty(
                    PropertyType.SMTP, "helo", Utf8.encode(sender.substring(sender.lastIndexOf('@') + 1)));
        };
    }
}
