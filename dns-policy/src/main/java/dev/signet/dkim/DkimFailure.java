// SPDX-License-Identifier: Apache-2.0
package dev.signet.dkim;

/** Kinds of failure that have a name in reports (RFC 6591 §3.1). */
public enum DkimFailure {

    /** The body is not the one that was signed. */
    BODY_HASH,

    /** The key was revoked. */
    REVOKED,

    /** Any other, and none. */
    OTHER
}
