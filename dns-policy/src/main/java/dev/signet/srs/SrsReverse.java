// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

/** Where mail for an address of the forwarder's has to go. */
public sealed interface SrsReverse {

    /**
     * To the one whose address it was: the author's, or the SRS0 address of the first forwarder.
     *
     * @param address as it stands in an envelope, without angle brackets
     */
    record Original(String address) implements SrsReverse {}

    /** The address is not of the form at all; it may be anybody's. */
    record NotSrs() implements SrsReverse {}

    /**
     * The address is of the form, and mail for it must not be sent on.
     *
     * @param reason for a log or an SMTP reply, without a stranger's words
     */
    record Refused(Cause cause, String reason) implements SrsReverse {}

    /** Why an address is refused. */
    enum Cause {
        /** Parts are missing. */
        MALFORMED,
        /** The hash is not ours: the address was made up, or changed. */
        FORGED,
        /** It was ours, too long ago. */
        EXPIRED
    }
}
