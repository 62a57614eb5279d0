// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

/** What a domain says of itself with the tag psd (RFC 9989 §4.7). */
public enum PublicSuffixFlag {
    /** {@code y}: others register names below it. */
    YES,
    /** {@code n}: the Organizational Domain of itself and of all below it. */
    NO,
    /** {@code u}, the default: the walk has to find out. */
    UNDECLARED
}
