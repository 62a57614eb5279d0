// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import dev.signet.dns.DomainName;
import dev.signet.keys.SigningKey;

/**
 * In whose name a signature is made.
 *
 * @param domain {@code d=}
 * @param selector {@code s=}: the public key is published at {@code selector._domainkey.domain}
 */
public record Signer(DomainName domain, String selector, SigningKey key) {

    public Signer {
        if (selector.isEmpty() || domain.prefixedWith(selector + "._domainkey").isEmpty()
                || !selector.chars().allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_'))) {
            throw new IllegalArgumentException("selector: found '" + selector + "', expected labels of a domain name");
        }
    }
}
