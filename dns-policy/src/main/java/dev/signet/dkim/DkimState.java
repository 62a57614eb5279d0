// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

import java.util.Locale;

/** What a DKIM check can end with (RFC 8601 §2.7.1). */
public enum DkimState {

    /** The message was not signed. */
    NONE,

    /** The signature is sound and acceptable. */
    PASS,

    /** The signature does not fit the message: the message was changed, or never signed by this key. */
    FAIL,

    /** The signature may be sound, but is not acceptable here: too weak a key, an unsigned tail, expired. */
    POLICY,

    /** The signature was not looked at: one more than we check, or beyond a limit that says nothing about its soundness. */
    NEUTRAL,

    /** The key could not be had for now; a later try may end otherwise. */
    TEMPERROR,

    /** The signature or its key record is broken, or there is no key; a later try will end the same. */
    PERMERROR;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As Authentication-Results says it. */
    @Override
    public String toString() {
        return word;
    }
}
