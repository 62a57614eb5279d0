// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dns.DomainName;
import dev.signet.inbound.Verdict;
import dev.signet.message.Utf8;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeUtils;
import org.apache.mailet.Mail;

import jakarta.mail.MessagingException;

import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a mail may speak for the author that its From names. Anybody can write a name of ours there: what a forward or a list sends
 * on would be a forgery that our signature makes true.
 *
 * <p>Ours is the mail of users who proved who they are, of {@code own-networks}, and what James and its users of JMAP wrote here, which
 * no server has put a Received field into. Mail from outside is its author's where the check on arrival found that out, by DMARC, or
 * where the author's domain has no policy by DKIM or SPF. Where nothing was checked, those may speak for anybody whom James lets relay.
 *
 * @param authservId ours
 */
record Authorship(Signet signet, String authservId) {

    private static final AttributeName MUNGED = AttributeName.of("dev.signet.munged");

    /** Notes that a mailet of ours has put this domain into From, whoever wrote the mail. */
    static void becomes(Mail mail, DomainName author) {
        mail.setAttribute(Attribute.convertToAttribute(MUNGED.asString(), author.ascii()));
    }

    /**
     * Why a mail may not speak for an author, without a stranger's words; empty where it may.
     *
     * @param author empty where From names none, or not one alone: then nothing that came in can answer for it
     */
    Optional<String> doubt(Mail mail, Optional<DomainName> author) throws MessagingException {
        if (Envelope.hasUser(mail) || author.filter(domain -> isNoted(mail, domain)).isPresent()) {
            return Optional.empty();
        }
        Optional<Verdict> verdict = StoredVerdict.of(mail, signet.recentVerdicts());
        Optional<AuthenticationResults> arrived = verdict.isPresent()
                ? verdict.map(found -> found.authenticationResults(authservId))
                : StoredVerdict.onArrival(authservId, mail).map(OnArrival::results);
        if (arrived.filter(results -> answersFor(author, results)).isPresent()) {
            return Optional.empty();
        }
        if (arrived.filter(Authorship::areOfAStranger).isPresent()) {
            return Optional.of("nothing that it came in with answers for " + author.map(DomainName::ascii).orElse("its author"));
        }
        boolean ours = Envelope.of(mail).ours() ? Envelope.isMadeHere(mail) : isOfOwnMachine(mail) || isBelieved(mail, verdict.isPresent());
        return ours ? Optional.empty() : Optional.of("nothing is known of how it came in");
    }

    private static boolean areOfAStranger(AuthenticationResults results) {
        return results.results().stream().anyMatch(result -> result.method().equals("iprev") || result.method().equals("dmarc"));
    }

    /** Where it was checked, and no stranger found, of a machine behind a relay: DMARC tells. Else who may relay, by the address. */
    private boolean isBelieved(Mail mail, boolean checked) {
        return checked ? signet.options().dmarc().isPresent() : client(mail).isPresent() && Envelope.mayRelay(mail);
    }

    private static boolean isNoted(Mail mail, DomainName author) {
        return AttributeUtils.getValueAndCastFromMail(mail, MUNGED, String.class).filter(author.ascii()::equals).isPresent();
    }

    private boolean isOfOwnMachine(Mail mail) {
        return client(mail).filter(signet.options().connection()::isOwn).isPresent();
    }

    /** Who is connected, and is no relay of ours, which brings mail of anybody. */
    private Optional<InetAddress> client(Mail mail) {
        return Optional.ofNullable(Envelope.of(mail).clientAddress()).filter(client -> !signet.options().connection().relays().include(client));
    }

    /** Whether the results of our border say that mail is of this domain. */
    private static boolean answersFor(Optional<DomainName> author, AuthenticationResults results) {
        if (passed(results, "auth").findAny().isPresent()) {
            return true;
        }
        return author.filter(domain -> answersFor(domain, results)).isPresent();
    }

    private static boolean answersFor(DomainName author, AuthenticationResults results) {
        Optional<MethodResult> dmarc = results.results().stream().filter(result -> result.method().equals("dmarc")).findFirst();
        if (dmarc.filter(result -> !result.result().equals("none")).isPresent()) {
            return dmarc.filter(result -> result.result().equals("pass"))
                    .flatMap(result -> result.property(PropertyType.HEADER, "from"))
                    .flatMap(DomainName::parse)
                    .filter(author::equals)
                    .isPresent();
        }
        // Without a policy nobody says what an organization is: only who is above the author can write for all below.
        return Stream.concat(
                        passed(results, "dkim").flatMap(dkim -> dkim.property(PropertyType.HEADER, "d").stream()),
                        passed(results, "spf").flatMap(spf -> spf.property(PropertyType.SMTP, "mailfrom").stream()))
                .flatMap(found -> Utf8.decode(found.substring(found.lastIndexOf('@') + 1)).flatMap(DomainName::parse).stream())
                .anyMatch(domain -> author.equals(domain) || (domain.labels().size() > 1 && author.isAtOrBelow(domain)));
    }

    /** Whether a signature of one domain could be taken for the word of another: of the same organization, to be on the safe side. */
    static boolean couldAnswerFor(DomainName author, DomainName signing) {
        return signing.rightmost(2).equals(author.rightmost(2));
    }

    private static Stream<MethodResult> passed(AuthenticationResults results, String method) {
        return results.results().stream().filter(result -> result.method().equals(method) && result.result().equals("pass"));
    }
}
