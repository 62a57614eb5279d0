// SPDX-License-Identifier: Apache-2.0
package dev.signet.matchers;

import dev.signet.inbound.Verdict;
import dev.signet.spf.SpfResult;

import jakarta.mail.MessagingException;

import java.util.Optional;

/**
 * Matches all recipients of a mail whose SPF result is one of those named: that of MAIL FROM (of postmaster at the HELO name for a
 * null sender), or with {@code helo:} in front that of the HELO name.
 *
 * <p>A mail without a verdict, and one that came from a network of ours or from an authenticated user, of whom SPF is not asked,
 * match nothing.
 *
 * <p>The classic table: pass and neutral are accepted, softfail is marked, fail is refused.
 *
 * <pre>{@code
 * <mailet match="dev.signet.matchers.SpfIs=softfail" class="SetMimeHeader">
 *   <name>X-Spf</name>
 *   <value>softfail</value>
 * </mailet>
 * <mailet match="dev.signet.matchers.SpfIs=fail" class="ToProcessor">
 *   <processor>spam</processor>
 * </mailet>
 * <mailet match="dev.signet.matchers.SpfIs=helo:fail,permerror" class="ToProcessor">
 *   <processor>spam</processor>
 * </mailet>
 * }</pre>
 */
public final class SpfIs extends VerdictMatcher<SpfResult.State> {

    private static final String HELO = "helo:";

    private boolean helo;

    public SpfIs() {
        super(SpfResult.State.class);
    }

    @Override
    public String getMatcherInfo() {
        return "Signet: the SPF result of the stored verdict";
    }

    @Override
    public void init() throws MessagingException {
        helo = Optional.ofNullable(getCondition()).orElse("").startsWith(HELO);
        super.init();
    }

    @Override
    String listOf(String condition) {
        return helo ? condition.substring(HELO.length()) : condition;
    }

    @Override
    Optional<SpfResult.State> resultOf(Verdict verdict) {
        return verdict.client().map(client -> (helo ? client.helo() : client.mailFrom()).state());
    }
}
