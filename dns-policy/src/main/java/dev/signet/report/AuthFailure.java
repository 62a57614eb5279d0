// SPDX-License-Identifier: Apache-2.0
package dev.signet.report;

import dev.signet.dkim.DkimFailure;

import java.util.Locale;

/** What a failure report is of: the types of RFC 6591 §3.1 that we tell apart, and RFC 9991's. */
enum AuthFailure {
    DMARC,
    /** Any failure of DKIM that has no name of its own. */
    SIGNATURE,
    BODYHASH,
    REVOKED,
    SPF;

    static AuthFailure of(DkimFailure failure) {
        return switch (failure) {
            case BODY_HASH -> BODYHASH;
            case REVOKED -> REVOKED;
            case OTHER -> SIGNATURE;
        };
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
