// SPDX-License-Identifier: Apache-2.0
package dev.signet.mailets;

import org.apache.james.core.MailAddress;

import jakarta.mail.internet.AddressException;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where reports that cannot be delivered come back to: an address, with a word behind its local part that only the mail had which
 * comes back, {@code dmarc+0123456789abcdef0123@example.org}.
 */
record BounceAddress(MailAddress address) {

    private static final int TOKEN_BYTES = 10;
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{" + 2 * TOKEN_BYTES + "}");

    /** The word in a recipient; empty for any other address. */
    Optional<String> token(MailAddress recipient) {
        String prefix = address.getLocalPart() + "+";
        String local = recipient.getLocalPart();
        return recipient.getDomain().equals(address.getDomain()) && local.regionMatches(true, 0, prefix, 0, prefix.length())
                ? Optional.of(local.substring(prefix.length())).filter(token -> TOKEN.matcher(token).matches())
                : Optional.empty();
    }

    /** With a word that no other mail has. */
    MailAddress withToken(SecureRandom random) throws AddressException {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return new MailAddress(address.getLocalPart() + "+" + HexFormat.of().formatHex(token), address.getDomain().asString());
    }
}
