// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

import dev.signet.dns.DomainName;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The TXT record that publishes a key (RFC 6376 §3.6.1).
 *
 * @param name where it stands: {@code selector._domainkey.domain}
 * @param value its tags
 */
public record KeyRecord(DomainName name, String value) {

    // RFC 1035 §3.3: a character-string holds at most 255 octets; RFC 6376 §3.6.2.2: verifiers join them without spaces.
    private static final int MAX_STRING = 255;

    /**
     * The record of a key.
     *
     * @throws IllegalArgumentException if selector and domain together do not make a domain name
     */
    public static KeyRecord of(SigningKey key, String selector, DomainName domain) {
        DomainName name = domain.prefixedWith(selector + "._domainkey").filter(KeyRecord::needsNoEscapes)
                .orElseThrow(() -> new IllegalArgumentException("found the selector \"" + selector
                        + "\", expected letters, digits and hyphens that make a domain name below " + domain));
        return new KeyRecord(name, "v=DKIM1; k=" + key.type().tag() + "; p=" + Base64.getEncoder().encodeToString(key.publicKey()));
    }

    /** The value in pieces that fit into the strings of a TXT record. */
    public List<String> strings() {
        List<String> strings = new ArrayList<>();
        for (int start = 0; start < value.length(); start += MAX_STRING) {
            strings.add(value.substring(start, Math.min(value.length(), start + MAX_STRING)));
        }
        return List.copyOf(strings);
    }

    /** One line of a master file (RFC 1035 §5), without its line end. Tags of a key need no escapes. */
    public String masterFileLine() {
        return name + ". IN TXT ( \"" + String.join("\" \"", strings()) + "\" )";
    }

    /** The DNS takes any octet in a name, but a quote or a semicolon would mean something else in a master file. */
    private static boolean needsNoEscapes(DomainName name) {
        return name.ascii().chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.');
    }
}
