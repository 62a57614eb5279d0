// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DomainName;
import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * The macro letters of RFC 7208 §7.2 for one check.
 *
 * @param senderDomain the domain that is checked, whichever record is being evaluated
 * @param domain the domain whose record is being evaluated
 * @param validatedName finds the name of the client for "p"
 */
record MacroValues(
        SpfRequest request,
        Sender sender,
        DomainName senderDomain,
        DomainName domain,
        String receiver,
        InstantSource clock,
        Function<DomainName, String> validatedName)
        implements MacroString.Values {

    private static final int MAX_HELO = 255;

    @Override
    public @Nullable String of(char letter) {
        return switch (letter) {
            case 's' -> localPart() == null ? null : localPart() + "@" + senderDomain;
            case 'l' -> localPart();
            case 'o' -> senderDomain.ascii();
            case 'd' -> domain.ascii();
            case 'i' -> ClientAddress.dotted(request.ip());
            case 'p' -> validatedName.apply(domain);
            case 'v' -> request.ip() instanceof Inet6Address ? "ip6" : "in-addr";
            case 'h' -> request.helo().length() <= MAX_HELO ? request.helo() : "unknown";
            case 'c' -> ClientAddress.readable(request.ip());
            case 'r' -> receiver;
            case 't' -> Long.toString(clock.instant().getEpochSecond());
            default -> throw new IllegalArgumentException("not a macro letter: " + letter);
        };
    }

    /** RFC 8616 §4: terms with a local-part that is not ASCII "do not match anything". */
    private @Nullable String localPart() {
        return sender.local().chars().allMatch(c -> c < 0x80) ? sender.local() : null;
    }
}
