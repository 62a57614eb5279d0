// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import com.google.common.base.CharMatcher;
import dev.signet.dmarc.Disposition;
import dev.signet.dmarc.DmarcChecker;
import dev.signet.dmarc.DmarcResult;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Verdict;

import java.net.InetAddress;
import java.util.Optional;

/**
 * What the client is told at the end of DATA where a message does not go on.
 *
 * @param defer whether a message is asked for again that a temporary error keeps from being judged
 * @param helpUrl where people read more
 */
record DmarcAnswers(boolean defer, String helpUrl) {

    static final String DEFAULT_HELP = "https://www.rfc-editor.org/info/rfc9989";

    // RFC 5321 §4.5.3.1.5: a reply line has 512 octets at most, of which a domain may take 253.
    static final int MAX_HELP = 150;

    private static final CharMatcher NOT_PRINTABLE = CharMatcher.inRange(' ', '~').negate();
    private static final int MAX_WORDS = 200;

    /**
     * A reply of SMTP.
     *
     * @param text begins with the enhanced status code (RFC 3463); printable ASCII on one line
     */
    record Answer(String code, String text) {

        boolean isForGood() {
            return code.startsWith("5");
        }

        @Override
        public String toString() {
            return code + " " + text;
        }
    }

    /** Empty where the message goes on. */
    Optional<Answer> to(Verdict verdict, DmarcChecker checker) {
        return verdict.dmarc().flatMap(result -> {
            if (result.disposition() == Disposition.REJECT) {
                return Optional.of(refusal(result));
            }
            Optional<InetAddress> client = verdict.client().map(found -> found.request().ip());
            return defer && checker.isWorthAnotherTry(result, client) ? Optional.of(deferral(result)) : Optional.empty();
        });
    }

    // RFC 9989 §7.2 has the words "Email rejected per DMARC policy for example.com", which many systems look for. Of the message
    // itself nothing is repeated but a domain name, and a domain name is printable ASCII.
    private Answer refusal(DmarcResult result) {
        String why = result.authorDomain()
                .map(author -> "rejected per " + (result.requested() == Disposition.REJECT ? "" : "local ") + "DMARC policy for " + author)
                .orElse("rejected per DMARC, its From field does not name exactly one author domain");
        return new Answer("550", "5.7.1 Email " + why + ", see " + helpUrl);
    }

    // RFC 9989 §7.2: deferring "due to the inability to retrieve or apply DMARC policy, this is best done with a 4xy SMTP reply code";
    // 451 4.7.5 is what RFC 6376 §6.1.2 says for a key that cannot be had.
    private Answer deferral(DmarcResult result) {
        return new Answer("451", "4.7.5 Email deferred, DMARC policy for " + result.authorDomain().map(DomainName::ascii).orElse("it")
                + " cannot be applied right now, see " + helpUrl);
    }

    /** A reason, which may quote a stranger, for one line of a log. */
    static String loggable(DmarcResult result) {
        String reason = result.reason().substring(0, Math.min(result.reason().length(), MAX_WORDS));
        return "dmarc=" + result.status().word() + ", " + NOT_PRINTABLE.replaceFrom(reason, '?');
    }
}
