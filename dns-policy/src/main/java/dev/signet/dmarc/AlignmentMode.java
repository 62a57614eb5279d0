// SPDX-License-Identifier: Apache-2.0
package dev.signet.dmarc;

/** How near an authenticated domain must be to the author's (RFC 9989 §3.2.10): the tags adkim and aspf. */
public enum AlignmentMode {
    /** Both have the same Organizational Domain. */
    RELAXED,
    /** Both are the same name. */
    STRICT
}
