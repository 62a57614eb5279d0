// SPDX-License-Identifier: Apache-2.0
package dev.signet.arc;

import dev.signet.authres.AuthenticationResults;
import dev.signet.authres.MethodResult;
import dev.signet.authres.PropertyType;
import dev.signet.dmarc.Identifiers;
import dev.signet.dmarc.OverrideReason;
import dev.signet.dns.DomainName;
import dev.signet.dns.Network;
import dev.signet.message.Utf8;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a sealer whom we trust had found out about a message before others changed it.
 *
 * @param identifiers what DMARC is to be evaluated with again
 * @param reason to be recorded where that lets the message through
 */
public record Testimony(Identifiers identifiers, OverrideReason reason) {

    // A comment ends up in a header field and in reports.
    private static final int MAX_COMMENT = 900;

    static Testimony of(AuthenticationResults results, ArcChain chain) {
        Identifiers identifiers = new Identifiers(
                passed(results, "spf").flatMap(Testimony::envelopeDomain).findFirst(),
                passed(results, "dkim").flatMap(Testimony::signingDomain).distinct().toList(),
                Optional.empty(),
                List.of());
        return new Testimony(identifiers, new OverrideReason(OverrideReason.Type.LOCAL_POLICY, comment(chain)));
    }

    private static Stream<MethodResult> passed(AuthenticationResults results, String method) {
        return results.results().stream().filter(result -> result.method().equals(method) && result.result().equals("pass"));
    }

    // RFC 8601 §2.7.2. A result with smtp.helo alone is not about MAIL FROM, and DMARC does not ask for it.
    private static Stream<DomainName> envelopeDomain(MethodResult spf) {
        return spf.property(PropertyType.SMTP, "mailfrom").flatMap(Testimony::domainOf).stream();
    }

    // RFC 8601 §2.7.1. Google tells header.i alone, whose domain is that of d= or below it.
    private static Stream<DomainName> signingDomain(MethodResult dkim) {
        return dkim.property(PropertyType.HEADER, "d").or(() -> dkim.property(PropertyType.HEADER, "i"))
                .flatMap(Testimony::domainOf)
                .stream();
    }

    private static Optional<DomainName> domainOf(String address) {
        return Utf8.decode(address.substring(address.lastIndexOf('@') + 1)).flatMap(DomainName::parse);
    }

    // RFC 8617 §7.2.2: status, domain and selector of each seal, and the address that the first sealer got the message from.
    private static String comment(ArcChain chain) {
        StringBuilder comment = new StringBuilder("arc=pass");
        for (ArcSet set : chain.sets().reversed()) {
            ArcSignature seal = set.seal().signature();
            String as = " as[" + set.instance() + "].";
            String entry = as + "d=" + seal.domain() + as + "s=" + seal.selector();
            if (comment.length() + entry.length() > MAX_COMMENT) {
                return comment.append(" ...").toString();
            }
            comment.append(entry);
        }
        clientOf(chain.sets().getFirst()).ifPresent(client -> comment.append(" remote-ip[1]=").append(client));
        return comment.toString();
    }

    /** As far as the first sealer tells it, in one of the ways that are in use. */
    private static Optional<String> clientOf(ArcSet first) {
        return first.results().stream()
                .flatMap(results -> results.results().stream())
                .flatMap(result -> Stream.of(
                                result.property(PropertyType.SMTP, "remote-ip"),
                                result.property(PropertyType.SMTP, "client-ip"),
                                result.property(PropertyType.POLICY, "iprev"))
                        .flatMap(Optional::stream))
                .flatMap(text -> Network.parse(text).stream())
                .map(network -> network.address().getHostAddress())
                .findFirst();
    }
}
