// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import dev.signet.dns.DomainName;
import dev.signet.message.HeaderField;
import dev.signet.message.LooseReadings;
import dev.signet.message.Utf8;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The claim to be us. A field that follows the grammar claims what it says, and nothing else. One that does not is read by
 * everybody in his own way (CVE-2020-12272: {@code example.net(.example.com}); it claims to be us as soon as our name occurs in
 * any of these readings. Nothing is lost when such a field goes.
 */
final class Claim {

    private final String ours;

    Claim(String authservId) {
        this.ours = DomainName.parse(authservId).map(DomainName::ascii).orElse(authservId.toLowerCase(Locale.ROOT));
    }

    /** @param hidden the bodies of Authentication-Results fields within the field */
    boolean isMadeBy(HeaderField field, List<String> hidden) {
        return (field.nameIs(AuthenticationResults.NAME) && isMadeBy(field.body())) || hidden.stream().anyMatch(this::isMadeBy);
    }

    private boolean isMadeBy(String body) {
        ResultsParser parser = new ResultsParser(body);
        return switch (parser.parse()) {
            case AuthenticationResults.Parse.Malformed malformed -> LooseReadings.mention(body, "", ours) || hasEightBit(body);
            case AuthenticationResults.Parse.Sound(AuthenticationResults field) -> {
                boolean plain = field.authservId().chars().allMatch(ResultsParser::isToken);
                // A quoted "example.net; x" is sound, and example.net for who looks for the first semicolon.
                yield isOurs(field.authservId()) || (!plain && LooseReadings.mention(body.substring(0, parser.endOfAuthservId()), "", ours));
            }
        };
    }

    /** RFC 8601 §2.5 compares as domain names: any case, A-labels or U-labels. */
    private boolean isOurs(String authservId) {
        Optional<DomainName> domain = Utf8.decode(authservId).flatMap(DomainName::parse);
        if (domain.isPresent()) {
            return domain.get().ascii().equals(ours);
        }
        // Eight-bit bytes that are no name could be ours in some charset.
        return hasEightBit(authservId) || authservId.toLowerCase(Locale.ROOT).equals(ours);
    }

    private static boolean hasEightBit(String text) {
        return text.chars().anyMatch(c -> c >= 0x80);
    }
}
