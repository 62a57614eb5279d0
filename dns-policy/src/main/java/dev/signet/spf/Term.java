// SPDX-License-Identifier: Apache-2.0
package dev.signet.spf;

/** What the text between two spaces of a record is (RFC 7208 §4.6.1). */
sealed interface Term {

    /**
     * A mechanism, and the result if it matches.
     *
     * @param text as written, cut to 255 characters
     */
    record Directive(SpfResult.State ifMatched, Mechanism mechanism, String text) implements Term {}

    /** §6.1: whose record decides where nothing here matched. */
    record Redirect(MacroString domain) implements Term {}

    /** §6.2: where the domain's words for a fail stand. */
    record Exp(MacroString domain) implements Term {}

    /** §6: "unrecognized modifiers MUST be ignored". */
    record UnknownModifier() implements Term {}

    /** None of these: the whole record is a permerror (§4.6). */
    record Malformed(String reason) implements Term {}
}
