// SPDX-License-Identifier: Apache-2.0
package dev.signet.keys;

/** What asking for the key of a selector ends with. The reasons are for humans. */
public sealed interface KeyAnswer {

    /** There is exactly one. */
    record Usable(PublishedKey key) implements KeyAnswer {}

    /** There is none, or none that may be used; a later try will end the same. */
    record Unusable(String reason) implements KeyAnswer {}

    /** There was one, and its owner took it back (RFC 6376 §3.6.1, an empty p=); a later try will end the same. */
    record Revoked() implements KeyAnswer {
        public static final String REASON = "the key was revoked";
    }

    /** There is something, but beyond a limit of ours that says nothing about it. */
    record NotChecked(String reason) implements KeyAnswer {}

    /** The DNS did not say; a later try may end otherwise. */
    record Unknown(String reason) implements KeyAnswer {}
}
