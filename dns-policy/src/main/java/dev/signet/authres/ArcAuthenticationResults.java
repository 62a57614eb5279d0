// SPDX-License-Identifier: Apache-2.0
package dev.signet.authres;

import dev.signet.message.HeaderField;

import java.util.OptionalInt;

/**
 * An ARC-Authentication-Results field (RFC 8617 §4.1.1): results as a sealer found them.
 *
 * @param instance of the ARC set it belongs to, 1 to 50
 */
public record ArcAuthenticationResults(int instance, AuthenticationResults results) {

    /** RFC 8617 §4.2.1: the largest instance. */
    static final int MAX_INSTANCE = 50;

    private static final String NAME = "ARC-Authentication-Results";

    /** What reading a field ends with. */
    public sealed interface Parse {
        /** A field that follows the grammar. */
        record Sound(ArcAuthenticationResults field) implements Parse {}

        /**
         * One that does not.
         *
         * @param instance where that much could be read: the field still belongs to a set
         * @param reason for humans
         */
        record Malformed(OptionalInt instance, String reason) implements Parse {}
    }

    /** @throws IllegalArgumentException for an instance out of range */
    public ArcAuthenticationResults {
        if (instance < 1 || instance > MAX_INSTANCE) {
            throw new IllegalArgumentException("instance: found " + instance + ", expected 1 to " + MAX_INSTANCE);
        }
    }

    /** Reads the body of a field, one char per byte, as {@link HeaderField#body} gives it. */
    public static Parse parse(String body) {
        return new ResultsParser(body).parseArc();
    }

    /**
     * Reads no more than the instance of a field: to which set it belongs does not depend on what it says (RFC 8617 §3.4).
     *
     * @return empty where there is none of 1 to 50
     */
    public static OptionalInt instanceOf(String body) {
        return new ResultsParser(body).instance();
    }

    /** As a header field, folded. */
    public HeaderField toField() {
        return HeaderField.of(NAME, new ResultsWriter(NAME).write(" i=" + instance + ";", results));
    }
}
