// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import dev.signet.dns.DomainName;

/**
 * One mailbox of an address field (RFC 5322 §3.4).
 *
 * @param displayName the words before the address, quotes and comments resolved, encoded words left encoded; one char per
 *     byte, empty if there are none
 * @param localPart what is before the {@code @}, quotes resolved; one char per byte
 */
public record Mailbox(String displayName, String localPart, DomainName domain) {

    /** The address in its shortest sound form, one char per byte, such as {@code "a b"@example.com} with quotes where needed. */
    public String address() {
        return (isDotAtom(localPart) ? localPart : quoted(localPart)) + "@" + domain;
    }

    private static boolean isDotAtom(String text) {
        boolean afterDot = true;
        for (int i = 0; i < text.length(); i++) {
            boolean dot = text.charAt(i) == '.';
            if (dot ? afterDot : !FieldScanner.isAtext(text.charAt(i))) {
                return false;
            }
            afterDot = dot;
        }
        return !afterDot;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
