// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import java.util.Locale;
import java.util.Optional;

/** Where a property of a message comes from (RFC 8601 §2.3). */
public enum PropertyType {

    /** A command of the SMTP session. */
    SMTP,

    /** A header field, or a tag of one. */
    HEADER,

    /** The body. */
    BODY,

    /** Neither: a local decision. */
    POLICY;

    static Optional<PropertyType> parse(String keyword) {
        return switch (keyword.toLowerCase(Locale.ROOT)) {
            case "smtp" -> Optional.of(SMTP);
            case "header" -> Optional.of(HEADER);
            case "body" -> Optional.of(BODY);
            case "policy" -> Optional.of(POLICY);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
