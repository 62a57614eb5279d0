// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.james.core.MailAddress;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where reports that cannot be delivered come back to: an address, with a word behind its local part that only the mail had which
 * comes back, {@code dmarc+0123456789abcdef0123@example.org}.
 */
record BounceAddress(MailAddress address) {

    // As SendingOptions makes it.
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{20}");

    /** The word in a recipient; empty for any other address. */
    Optional<String> token(MailAddress recipient) {
        String prefix = address.getLocalPart() + "+";
        String local = recipient.getLocalPart();
        return recipient.getDomain().equals(address.getDomain()) && local.regionMatches(true, 0, prefix, 0, prefix.length())
                ? Optional.of(local.substring(prefix.length())).filter(token -> TOKEN.matcher(token).matches())
                : Optional.empty();
    }
}
