// SPDX-License-Identifier: Apache-2.0
package dev.signet.srs;

/** What a forwarder has to use as envelope sender. */
public sealed interface SrsForward {

    /**
     * An address of the forwarder's.
     *
     * @param address as it stands in an envelope, without angle brackets
     */
    record Rewritten(String address) implements SrsForward {}

    /**
     * The sender as it is: it has no SRS address.
     *
     * @param reason for the log, without a stranger's words
     */
    record Unchanged(String reason) implements SrsForward {}
}
