// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

import dev.signet.dns.DomainName;
import dev.signet.message.FieldScanner;
import dev.signet.message.LooseReadings;
import dev.signet.message.Utf8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The claim of a Received-SPF field to be ours.
 *
 * <p>RFC 7208 §9.1 leaves it to the writer whether {@code receiver=} says who wrote the field, and says nothing about what comes
 * from outside. What others do: filters such as SpamAssassin believe only fields above the Received field of the border, mail
 * clients and user scripts believe any. So we take a field that names nobody for a claim to be us, and one that cannot be read,
 * too. Nothing is lost with it: the trace field of a stranger proves nothing.
 */
final class ReceivedSpfClaim {

    private ReceivedSpfClaim() {}

    static boolean isMade(String body, String us) {
        String ours = DomainName.parse(us).map(DomainName::ascii).orElse(us.toLowerCase(Locale.ROOT));
        List<String> receivers = receivers(body);
        return receivers.isEmpty()
                || !receivers.stream().allMatch(receiver -> isAnother(receiver, ours))
                // For a reader who looks for these words wherever they stand, in a string, a comment or another value. The field's
                // comment begins with the receiver in all examples of RFC 7208.
                || LooseReadings.mention(body, "receiver=", ours)
                || LooseReadings.mention(body, "(", ours);
    }

    private static boolean isAnother(String receiver, String ours) {
        Optional<DomainName> name = Utf8.decode(receiver).flatMap(DomainName::parse);
        // Some write "unknown" or "<UNKNOWN>" for nobody.
        return name.filter(Sender::isFullyQualified).isPresent() && !name.get().ascii().equals(ours);
    }

    /** Empty also for a field that does not follow the grammar, but for values that lack the quotes they need: many do. */
    private static List<String> receivers(String body) {
        List<String> receivers = new ArrayList<>(1);
        FieldScanner in = new FieldScanner(body);
        in.skipCfws();
        if (in.run(FieldScanner::isLetterOrDigit).isEmpty()) {
            in.fail("no result");
        }
        in.skipCfws();
        while (in.peek() != FieldScanner.END) {
            String key = in.run(c -> FieldScanner.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
            in.skipCfws();
            in.expect('=');
            String value = in.peek() == '"' ? in.quotedString() : in.run(c -> c > ' ' && c != 0x7F && "\"(),;\\".indexOf(c) < 0);
            if (key.equalsIgnoreCase("receiver")) {
                receivers.add(value);
            }
            in.skipCfws();
            if (in.peek() != FieldScanner.END) {
                in.expect(';');
                in.skipCfws();
            }
        }
        return in.problem() == null ? receivers : List.of();
    }
}
