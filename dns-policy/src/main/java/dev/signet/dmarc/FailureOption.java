// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

/** When a domain wants failure reports (RFC 9989 §4.7, the tag fo). */
public enum FailureOption {
    /** {@code 0}: when no mechanism gave an aligned pass. */
    ALL,
    /** {@code 1}: when any mechanism gave no aligned pass. */
    ANY,
    /** {@code d}: when a DKIM signature failed, aligned or not. */
    DKIM,
    /** {@code s}: when SPF failed, aligned or not. */
    SPF
}
