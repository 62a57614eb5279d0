// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

/**
 * What of the message a method looked at, such as {@code header.d=example.com} (RFC 8601 §2.2, {@code propspec}).
 *
 * @param name a keyword; kept in lower case
 * @param value any text, one char per byte, without quotes around it; a quoted local part keeps its own
 */
public record Property(PropertyType type, String name, String value) {

    /** @throws IllegalArgumentException for a name that is no keyword */
    public Property {
        name = Keyword.of(name);
    }
}
