// SPDX-License-Identifier: Apache-2.0
package dev.signet.message;

import java.util.Locale;
import java.util.Optional;

/** How much a message may change underway without breaking a signature (RFC 6376 §3.4). */
public enum Canonicalization {

    /** Next to nothing may change (§3.4.1, §3.4.3). */
    SIMPLE,

    /** White space and the case of field names may change (§3.4.2, §3.4.4). */
    RELAXED;

    /** Reads {@code simple} or {@code relaxed}; the name is not case-sensitive. */
    public static Optional<Canonicalization> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "simple" -> Optional.of(SIMPLE);
            case "relaxed" -> Optional.of(RELAXED);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
